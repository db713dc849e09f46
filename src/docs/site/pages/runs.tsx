/** The last run by thread, what it waited for, and the runs before it. */
import { useMemo, useState } from 'preact/hooks';
import type { RunFacts, RunsChunk, TextChunk } from '../../chunks.ts';
import { type CriticalPath, criticalPath } from '../data/critical-path.ts';
import { idleShare } from '../data/idle-share.ts';
import type { Project } from '../data/project.ts';
import { count, duration, moment, percent, plural } from '../format.ts';
import { Heading } from '../parts/heading.tsx';
import { LongTable } from '../parts/long-table.tsx';
import { NodeLink } from '../parts/node-link.tsx';
import { RunBars, runState } from '../parts/run-bars.tsx';
import { StatePill } from '../parts/status.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { Gantt, stepOf } from './gantt.tsx';
import type { PageProps } from './props.ts';

export function RunsPage({ project, later: { runs, text } }: PageProps) {
  if (runs === undefined) return <Waiting title="Runs" />;
  if (runs.history.length === 0) {
    return (
      <>
        <Heading>Runs</Heading>
        <p class="dim">
          No run is known. Each <code>sq build</code>, <code>run</code>, <code>test</code>, <code>seed</code>{' '}
          and <code>snapshot</code> leaves a record; generate this page again after one.
        </p>
      </>
    );
  }
  return (
    <>
      <Heading>Runs</Heading>
      <LastRun project={project} runs={runs} text={text} />
      <section>
        <h2>
          {runs.history.length === 1 ? 'The only run so far' : `The last ${count(runs.history.length)} runs`}
        </h2>
        <RunBars runs={runs.history} />
        <Earlier runs={runs.history} />
      </section>
    </>
  );
}

interface LastRunProps {
  project: Project;
  runs: RunsChunk;
  text: TextChunk | undefined;
}

function LastRun({ project, runs, text }: LastRunProps) {
  const last = runs.history.at(-1)!;
  const path = useMemo(() => criticalPath(project, runs), [project, runs]);
  const nodes = runs.item.filter((item) => item >= 0).length;
  return (
    <section>
      <h2>Last run</h2>
      <p class="facts-line">
        <code>{last.command}</code>
        <span>{moment(last.startedAt)}</span>
        <span>{duration(last.elapsed)}</span>
        <span>
          {plural(nodes, 'node')}, {plural(runs.item.length - nodes, 'test')} on{' '}
          {plural(runs.threads, 'thread')}
        </span>
        <span>threads idle {percent(idleShare(runs), 1)} of the time</span>
      </p>
      {runs.item.length > 0 && (
        <>
          <Gantt project={project} runs={runs} text={text} critical={new Set(path.steps)} />
          <PathTable project={project} runs={runs} path={path} />
          <AllSteps project={project} runs={runs} text={text} />
        </>
      )}
    </section>
  );
}

function PathTable({ project, runs, path }: { project: Project; runs: RunsChunk; path: CriticalPath }) {
  const start = (i: number) => runs.start[i]!;
  const waited = (i: number, at: number) => {
    const before = path.steps[at - 1];
    return start(i) - (before === undefined ? 0 : start(before) + runs.ms[before]!);
  };
  return (
    <>
      <h3>Critical path</h3>
      <p class="dim">
        {plural(path.steps.length, 'node')}, {duration(path.work)} of work. The run cannot end sooner unless
        one of these does.
      </p>
      <LongTable
        label="Critical path"
        rows={path.steps.map((i, at) => ({ i, at }))}
        columns={[
          { name: 'Step', cell: ({ at }) => at + 1 },
          { name: 'Node', cell: ({ i }) => <NodeLink project={project} v={runs.item[i]!} tab="runs" /> },
          { name: 'Started after', cell: ({ i }) => duration(start(i)), figures: true, wide: true },
          { name: 'Waited', cell: ({ i, at }) => duration(Math.max(0, waited(i, at))), figures: true },
          { name: 'Took', cell: ({ i }) => duration(runs.ms[i]!), figures: true },
          { name: 'Share', cell: ({ i }) => percent(runs.ms[i]!, path.until), figures: true, wide: true },
        ]}
      />
    </>
  );
}

function AllSteps({ project, runs, text }: LastRunProps) {
  const [open, setOpen] = useState(false);
  const name = (i: number) => stepOf(project, runs, text, i).name;
  return (
    <details class="all-steps" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>All {plural(runs.item.length, 'step')}</summary>
      {open && (
        <LongTable
          label="All steps of the run"
          rows={runs.item.map((_, i) => i)}
          columns={[
            {
              name: 'Step',
              cell: (i) => {
                const { to, name: title } = stepOf(project, runs, text, i);
                return to === undefined ? title : <a href={to}>{title}</a>;
              },
              key: name,
            },
            {
              name: 'Result',
              cell: (i) => <StatePill state={runs.state[i]!} />,
              key: (i) => -runs.state[i]!,
            },
            {
              name: 'Thread',
              cell: (i) => runs.thread[i]!,
              key: (i) => runs.thread[i]!,
              figures: true,
              wide: true,
            },
            {
              name: 'Started after',
              cell: (i) => duration(runs.start[i]!),
              key: (i) => runs.start[i]!,
              figures: true,
              wide: true,
            },
            { name: 'Took', cell: (i) => duration(runs.ms[i]!), key: (i) => runs.ms[i]!, figures: true },
          ]}
        />
      )}
    </details>
  );
}

function Earlier({ runs }: { runs: readonly RunFacts[] }) {
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const bad = (counts: readonly number[]) => (counts[4]! > 0 ? `, ${count(counts[4]!)} failed` : '');
  return (
    <LongTable
      label="Runs"
      rows={[...runs].reverse()}
      columns={[
        { name: 'Started', cell: ({ startedAt }) => moment(startedAt) },
        { name: 'Result', cell: (run) => <StatePill state={runState(run)} /> },
        { name: 'Command', cell: ({ command }) => <code>{command}</code> },
        {
          name: 'Nodes',
          cell: ({ nodes }) => `${count(sum(nodes))}${bad(nodes)}`,
          figures: true,
          wide: true,
        },
        {
          name: 'Tests',
          cell: ({ tests }) => `${count(sum(tests))}${bad(tests)}`,
          figures: true,
          wide: true,
        },
        {
          name: 'Time',
          cell: ({ elapsed }) => duration(elapsed),
          key: ({ elapsed }) => elapsed,
          figures: true,
        },
      ]}
    />
  );
}
