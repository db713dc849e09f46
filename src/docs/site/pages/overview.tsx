/** The first page: what there is, what went wrong, how it hangs together, what takes long. */
import { useMemo } from 'preact/hooks';
import type { Project } from '../data/project.ts';
import { count, duration, moment, percent, plural } from '../format.ts';
import { FocusView } from '../graph/focus-view.tsx';
import { FolderView } from '../graph/folder-view.tsx';
import { MOST_CARDS } from '../graph/geometry.ts';
import { Heading } from '../parts/heading.tsx';
import { MarkdownText } from '../parts/markdown.tsx';
import { NodeLink } from '../parts/node-link.tsx';
import { RunBars } from '../parts/run-bars.tsx';
import { href } from '../route.ts';
import type { Later } from '../use-chunk.ts';
import { Attention } from './attention.tsx';
import type { PageProps } from './props.ts';

/** More cards than this need a taller picture. */
const SHORT = 24;

const NONE: ReadonlySet<number> = new Set();

export function OverviewPage({ project, later }: PageProps) {
  const { project: facts } = project.core;
  const everything = useMemo(() => project.everything(), [project]);
  return (
    <>
      <Heading>{facts.name}</Heading>
      <p class="dim facts-line">
        <span>{facts.adapter}</span>
        {facts.lastRun && (
          <span>
            last run <code>{facts.lastRun.command}</code> {moment(facts.lastRun.startedAt)}
          </span>
        )}
        <span>page of {moment(facts.generatedAt)}</span>
      </p>
      <Attention project={project} text={later.text} />
      <Figures project={project} later={later} />
      <section>
        <div class="section-head">
          <h2>{everything.size <= MOST_CARDS ? 'Lineage' : 'Lineage by folder'}</h2>
          <a href={href('lineage')}>Open</a>
        </div>
        <div class={`embed${everything.size > SHORT ? ' tall' : ''}`}>
          {everything.size === 0 ? (
            <p class="empty">This project has no models yet.</p>
          ) : everything.size <= MOST_CARDS ? (
            <FocusView project={project} vertices={everything} focus={-1} opened={NONE} embedded />
          ) : (
            <FolderView project={project} vertices={everything} embedded />
          )}
        </div>
      </section>
      <div class="halves">
        <Slowest project={project} />
        {later.runs !== undefined && later.runs.history.length > 0 && (
          <section>
            <div class="section-head">
              <h2>Runs</h2>
              <a href={href('runs')}>Open</a>
            </div>
            <RunBars runs={later.runs.history} />
          </section>
        )}
      </div>
      {later.text !== undefined && later.text.overview !== 0 && (
        <section class="about">
          <h2>About</h2>
          <MarkdownText tree={later.text.overview} />
        </section>
      )}
    </>
  );
}

function Figures({ project, later: { text, columns } }: { project: Project; later: Later }) {
  const { core, count: nodes } = project;
  const of = (type: string) => core.type.filter((t) => core.types[t] === type).length;
  const tests = core.tests.reduce((sum, n) => sum + n, 0);
  const failing = core.failing.reduce((sum, n) => sum + n, 0);
  const warning = core.warning.reduce((sum, n) => sum + n, 0);
  const testable = core.type.flatMap((t, v) => (core.types[t] === 'model' ? [v] : []));
  const tested = testable.filter((v) => core.tests[v]! > 0).length;
  const described = text?.description.filter((tree) => tree !== 0).length;
  const columnsDescribed = text?.columns.filter((tree) => tree !== 0).length;
  const others = core.types.filter((type) => type !== 'model' && type !== 'source');
  return (
    <div class="figures">
      <Figure
        value={count(of('model'))}
        name={of('model') === 1 ? 'model' : 'models'}
        note={others.map((type) => plural(of(type), type.replaceAll('_', ' '), pluralOf(type))).join(', ')}
        to={href('models', '', '', { type: 'model' })}
      />
      <Figure
        value={count(of('source'))}
        name={of('source') === 1 ? 'source' : 'sources'}
        note={freshnessNote(project)}
        to={href('sources')}
      />
      <Figure
        value={count(tests)}
        name={tests === 1 ? 'test' : 'tests'}
        note={
          failing + warning > 0
            ? [failing > 0 && `${count(failing)} failed`, warning > 0 && `${count(warning)} warned`]
                .filter(Boolean)
                .join(', ')
            : `${percent(tested, testable.length)} of models tested`
        }
        to={href('tests')}
      />
      <Figure
        value={core.project.lastRun === undefined ? '–' : duration(core.project.lastRun.elapsed)}
        name="last run"
        note={core.project.lastRun?.command ?? 'none yet'}
        to={href('runs')}
      />
      <Figure
        value={described === undefined ? '…' : percent(described, nodes)}
        name="described"
        note={
          columnsDescribed === undefined || columns === undefined
            ? ' '
            : `${percent(columnsDescribed, columns.count)} of columns`
        }
        to={href('models')}
      />
    </div>
  );
}

function pluralOf(type: string): string {
  const words = type.replaceAll('_', ' ');
  return words.endsWith('y')
    ? `${words.slice(0, -1)}ies`
    : words.endsWith('sis')
      ? `${words.slice(0, -2)}es`
      : `${words}s`;
}

function freshnessNote({ core }: Project): string {
  if (core.freshness.length === 0) return 'freshness not asked';
  const stale = core.freshness.filter(({ state }) => state > 1).length;
  return stale === 0 ? 'all fresh' : `${count(stale)} stale`;
}

interface FigureProps {
  value: string;
  name: string;
  note: string;
  to: string;
}

function Figure({ value, name, note, to }: FigureProps) {
  return (
    <a class="figure" href={to}>
      <strong>{value}</strong>
      <span>{name}</span>
      <small>{note}</small>
    </a>
  );
}

const MOST_SLOW = 8;

function Slowest({ project }: { project: Project }) {
  const { ms } = project.core;
  const slowest = useMemo(
    () =>
      ms
        .map((time, v) => [time, v] as const)
        .filter(([time]) => time >= 0)
        .sort((a, b) => b[0] - a[0] || a[1] - b[1])
        .slice(0, MOST_SLOW),
    [ms],
  );
  const longest = Math.max(1, slowest[0]?.[0] ?? 1);
  if (slowest.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>Slowest</h2>
        <a href={href('models')}>All</a>
      </div>
      <ul class="bars">
        {slowest.map(([time, v]) => (
          <li key={v}>
            <NodeLink project={project} v={v} tab="runs" />
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${(100 * time) / longest}%` }} />
            </span>
            <span class="figures-text">{duration(time)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
