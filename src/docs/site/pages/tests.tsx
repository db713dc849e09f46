import { useMemo, useState } from 'preact/hooks';
import type { State } from '../../chunks.ts';
import type { Project } from '../data/project.ts';
import { count, plural } from '../format.ts';
import { Heading } from '../parts/heading.tsx';
import { NodeTable } from '../parts/node-table.tsx';
import { StateMark } from '../parts/status.tsx';
import { TestTable } from '../parts/test-table.tsx';
import { Waiting } from '../parts/waiting.tsx';
import type { PageProps } from './props.ts';

const CHOICES: readonly [State | -1, string][] = [
  [-1, 'all'],
  [4, 'failed'],
  [3, 'warned'],
  [1, 'passed'],
  [2, 'skipped'],
  [0, 'not run'],
];

export function TestsPage({ project, later: { text, columns } }: PageProps) {
  const [choice, setChoice] = useState<State | -1>(-1);
  const states = text?.tests.state;
  const sorted = useMemo(
    () => (states ?? []).map((_, t) => t).sort((a, b) => states![b]! - states![a]! || a - b),
    [states],
  );
  const untested = useMemo(() => withoutTests(project), [project]);
  if (text === undefined) return <Waiting title="Tests" />;
  const many = (state: State | -1) =>
    state === -1 ? sorted.length : sorted.filter((t) => states![t] === state).length;
  const shown = choice === -1 ? sorted : sorted.filter((t) => states![t] === choice);
  return (
    <>
      <Heading>Tests</Heading>
      <div class="filters chips" role="group" aria-label="Result">
        {CHOICES.filter(([state]) => many(state) > 0 || state === -1).map(([state, word]) => (
          <button type="button" key={word} aria-pressed={choice === state} onClick={() => setChoice(state)}>
            {state !== -1 && <StateMark state={state} />}
            {`${word} ${count(many(state))}`}
          </button>
        ))}
        <span class="hidden" role="status">
          {plural(shown.length, 'test')}
        </span>
      </div>
      <TestTable project={project} text={text} columns={columns} tests={shown} label="Tests" />
      <section>
        <h2>Models without a test</h2>
        {untested.length === 0 ? (
          <p class="dim">Every model has one.</p>
        ) : (
          <NodeTable project={project} vertices={untested} label="Models without a test" />
        )}
      </section>
    </>
  );
}

function withoutTests(project: Project): number[] {
  const tested = ['model', 'snapshot', 'seed'];
  return [...project.everything()].filter(
    (v) => project.core.tests[v] === 0 && tested.includes(project.type(v)),
  );
}
