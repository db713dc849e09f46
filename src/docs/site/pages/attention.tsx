/** What fails or is stale, first of all; or, in one line, that nothing is. */

import type { ComponentChildren } from 'preact';
import type { State, TextChunk } from '../../chunks.ts';
import type { Project } from '../data/project.ts';
import { testId } from '../data/selectable.ts';
import { age, plural } from '../format.ts';
import { NodeLink } from '../parts/node-link.tsx';
import { StateMark } from '../parts/status.tsx';
import { testTitle } from '../parts/test-table.tsx';
import { href, nodeHref } from '../route.ts';

interface Item {
  state: State;
  what: ComponentChildren;
  why: string;
}

const MOST = 8;

export function Attention({ project, text }: { project: Project; text: TextChunk | undefined }) {
  const { core } = project;
  const ran = core.state.some((state) => state !== 0) || core.failing.some((n) => n > 0);
  const items = [...failedNodes(project, text), ...failedTests(project, text), ...staleSources(project)].sort(
    (a, b) => b.state - a.state,
  );
  if (items.length === 0) {
    return (
      <p class={`verdict state-${ran ? 1 : 0}`}>
        <StateMark state={ran ? 1 : 0} />
        {ran
          ? 'Everything that ran has passed.'
          : 'Nothing has run yet: sq build makes the tables and the results.'}
      </p>
    );
  }
  const worst = items[0]!.state;
  return (
    <section class={`attention state-${worst}`} aria-label="What needs attention">
      <h2>
        <StateMark state={worst} />
        {plural(items.length, 'thing needs', 'things need')} attention
      </h2>
      <ul>
        {items.slice(0, MOST).map(({ state, what, why }, i) => (
          <li key={i}>
            <StateMark state={state} />
            <span>{what}</span>
            <span class="why">{why}</span>
          </li>
        ))}
      </ul>
      {items.length > MOST && (
        <p>
          <a href={href('lineage', '', '', { view: 'list' })}>{plural(items.length - MOST, 'more')}</a>
        </p>
      )}
    </section>
  );
}

function failedNodes(project: Project, text: TextChunk | undefined): Item[] {
  const said = new Map(text?.messages ?? []);
  const stale = new Set(project.core.freshness.map(({ node }) => node));
  return project.core.state.flatMap((state, v): Item[] =>
    state < 3 || stale.has(v)
      ? []
      : [
          {
            state,
            what: <NodeLink project={project} v={v} tab="runs" />,
            why: said.get(v)?.split('\n')[0] ?? (state === 4 ? 'failed' : 'warned'),
          },
        ],
  );
}

function failedTests(project: Project, text: TextChunk | undefined): Item[] {
  if (text === undefined) return [];
  const { tests } = text;
  return tests.state.flatMap((state, t): Item[] => {
    const v = tests.node[t]!;
    if (state < 3 || v === -1) return [];
    const rows = tests.failures[t]!;
    return [
      {
        state,
        what: (
          <>
            <a href={nodeHref(project.id(v), 'tests', { test: testId(project, tests, t) })}>
              {testTitle(text, t)}
            </a>
            {' of '}
            <NodeLink project={project} v={v} />
          </>
        ),
        why: rows > 0 ? plural(rows, 'failing row') : state === 4 ? 'failed' : 'warned',
      },
    ];
  });
}

function staleSources(project: Project): Item[] {
  return project.core.freshness.flatMap((one): Item[] =>
    one.state < 2
      ? []
      : [
          {
            state: one.state,
            what: <NodeLink project={project} v={one.node} />,
            why:
              one.problem ??
              `newest row ${one.age === null ? 'unknown' : `${age(one.age)} old`}; ${one.rule}`,
          },
        ],
  );
}
