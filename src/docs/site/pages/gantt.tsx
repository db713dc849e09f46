/** Who ran when on which thread. What is too short to be seen is drawn together with what stands beside it. */
import { useMemo } from 'preact/hooks';
import { type RunsChunk, STATES, type State, type TextChunk } from '../../chunks.ts';
import type { Project } from '../data/project.ts';
import { duration, plural } from '../format.ts';
import { go, nodeHref } from '../route.ts';

export interface GanttProps {
  project: Project;
  runs: RunsChunk;
  text: TextChunk | undefined;
  /** Places in the columns of the run. */
  critical: ReadonlySet<number>;
}

interface Bar {
  start: number;
  end: number;
  state: State;
  /** Place in the run; -1: several, too short to be told apart. */
  item: number;
  many: number;
}

/** Shares of the whole time: below the first a bar is drawn with its neighbours, from the second on it has a name. */
const TOO_SHORT = 0.004;
const NAMED = 0.06;

export function Gantt({ project, runs, text, critical }: GanttProps) {
  const end = runs.start.reduce((most, start, i) => Math.max(most, start + runs.ms[i]!), 1);
  const lanes = useMemo(() => lanesOf(runs, critical, end), [runs, critical, end]);
  const step = STEPS.find((size) => end / size <= 8) ?? end / 8;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const at = (time: number) => `${(100 * time) / end}%`;
  return (
    <figure class="gantt">
      <figcaption class="hidden">
        Timeline of the last run; the tables below say the same in words.
      </figcaption>
      <div class="axis" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: at(tick) }}>
            {duration(tick) || '0'}
          </span>
        ))}
      </div>
      <ol>
        {lanes.map((bars, lane) => (
          <li key={lane} aria-label={`thread ${lane + 1}`}>
            <span class="lane-name" aria-hidden="true">
              {lane + 1}
            </span>
            <div class="lane">
              {ticks.map((tick) => (
                <i key={tick} style={{ left: at(tick) }} />
              ))}
              {bars.map((bar) => (
                <BarView
                  key={bar.start}
                  {...{ bar, project, runs, text, end }}
                  critical={critical.has(bar.item)}
                />
              ))}
            </div>
          </li>
        ))}
      </ol>
      <ul class="legend inline" aria-label="Bars">
        <li>
          <i class="swatch critical" /> critical path
        </li>
        <li>
          <i class="swatch" /> other nodes
        </li>
        <li>
          <i class="swatch test" /> tests
        </li>
        <li>
          <i class="swatch state-4" /> failed
        </li>
      </ul>
    </figure>
  );
}

interface BarProps extends Pick<GanttProps, 'project' | 'runs' | 'text'> {
  bar: Bar;
  end: number;
  critical: boolean;
}

/** A bar is too small to be aimed at by everybody: the table below has the links, the bar is a short cut. */
function BarView({ bar, project, runs, text, end, critical }: BarProps) {
  const width = (bar.end - bar.start) / end;
  const style = { left: `${(100 * bar.start) / end}%`, width: `${Math.max(0.25, 100 * width)}%` };
  if (bar.item === -1) {
    const title = `${plural(bar.many, 'short step')}, ${duration(bar.end - bar.start)}`;
    return <span class={`bar test state-${bar.state}`} style={style} title={title} />;
  }
  const step = stepOf(project, runs, text, bar.item);
  const classes = ['bar', `state-${bar.state}`, step.test && 'test', critical && 'critical'];
  return (
    <span
      class={classes.filter(Boolean).join(' ')}
      style={style}
      title={`${step.name}: ${duration(runs.ms[bar.item]!)}, ${STATES[bar.state]}`}
      onClick={() => step.to !== undefined && go(step.to)}
    >
      {width >= NAMED && !step.test ? step.name : ''}
    </span>
  );
}

export interface Step {
  name: string;
  test: boolean;
  /** -1: none that the page shows. */
  v: number;
  to: string | undefined;
}

/** What ran at a place of the run. */
export function stepOf(project: Project, runs: RunsChunk, text: TextChunk | undefined, place: number): Step {
  const item = runs.item[place]!;
  if (item >= 0)
    return { name: project.label(item), test: false, v: item, to: nodeHref(project.id(item), 'runs') };
  const v = text?.tests.node[-1 - item] ?? -1;
  const name = text?.tests.name[-1 - item] ?? 'test';
  return { name, test: true, v, to: v === -1 ? undefined : nodeHref(project.id(v), 'tests') };
}

const STEPS = [
  1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000,
];

function lanesOf(
  { item, start, ms, state, thread, threads }: RunsChunk,
  critical: ReadonlySet<number>,
  end: number,
): Bar[][] {
  const lanes: Bar[][] = Array.from({ length: Math.max(1, threads) }, () => []);
  for (let i = 0; i < item.length; i++) {
    const lane = lanes[Math.max(0, thread[i]! - 1)]!;
    const bar = { start: start[i]!, end: start[i]! + ms[i]!, state: state[i]!, item: i, many: 1 };
    const last = lane.at(-1);
    const short = (one: Bar) => one.end - one.start < end * TOO_SHORT && !critical.has(one.item);
    const joins =
      last !== undefined &&
      short(bar) &&
      (last.item === -1 || short(last)) &&
      bar.start - last.end < end * TOO_SHORT;
    if (!joins || item[i]! >= 0) {
      lane.push(bar);
      continue;
    }
    last.end = Math.max(last.end, bar.end);
    last.state = Math.max(last.state, bar.state) as State;
    last.many += 1;
    last.item = -1;
  }
  return lanes;
}
