import { useEffect } from 'preact/hooks';
import { EDGE_KINDS, type TextChunk } from '../../../chunks.ts';
import type { Columns } from '../../data/columns.ts';
import { neighbours } from '../../data/reach.ts';
import { testId } from '../../data/selectable.ts';
import { MarkdownText } from '../../parts/markdown.tsx';
import { StatePill } from '../../parts/status.tsx';
import { lineageHref, nodeHref } from '../../route.ts';
import type { TabProps } from './props.ts';

const ORIGINS = {
  analysis: 'Columns are read off the compiled SQL.',
  catalog: 'Columns are those of the warehouse.',
  yaml: 'Columns are as the YAML describes them; nothing else is known.',
  none: 'No columns are known.',
};

export function ColumnsTab({ project, later: { columns, text }, route, v }: TabProps) {
  const asked = route.query.get('col');
  useEffect(() => {
    if (asked !== null) document.getElementById(rowId(asked))?.scrollIntoView({ block: 'center' });
  }, [asked, columns !== undefined && text !== undefined]);
  if (columns === undefined || text === undefined) return <p class="dim">Reading…</p>;
  const own = columns.of(v);
  const inherited = pairs(text.inheritedText);
  const problem = columns.problem(v);
  return (
    <>
      {problem !== undefined && <p class="note">This node could not be analysed: {problem}</p>}
      {own.length > 0 && (
        <table class="columns" aria-label="Columns">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col">Description</th>
              <th scope="col">Tests</th>
              <th scope="col" class="wide-only">
                Made from
              </th>
            </tr>
          </thead>
          <tbody>
            {own.map((c) => {
              const name = columns.name(c);
              const from = inherited.get(c);
              return (
                <tr key={c} id={rowId(name)} class={name === asked ? 'lit' : ''}>
                  <td>
                    <a href={lineageHref({ col: columns.address(c) })} title={`Trace ${name}`}>
                      <code>{name}</code>
                    </a>
                  </td>
                  <td class="dim type">{columns.type(c).toLowerCase()}</td>
                  <td>
                    {text.columns[c] !== 0 && <MarkdownText tree={text.columns[c]!} />}
                    {from !== undefined && <From columns={columns} project={project} c={from} />}
                    {text.inheritedTags
                      .filter(([column]) => column === c)
                      .map(([, tag]) => (
                        <span class="pill" key={tag}>
                          #{tag}
                        </span>
                      ))}
                  </td>
                  <td>
                    <TestPills project={project} text={text} columns={columns} v={v} c={c} />
                  </td>
                  <td class="wide-only">
                    <Origin columns={columns} project={project} v={v} c={c} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <p class="dim small">{ORIGINS[columns.origin(v)]}</p>
    </>
  );
}

function rowId(name: string): string {
  return `col-${name}`;
}

function pairs(flat: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  for (let i = 0; i < flat.length; i += 2) found.set(flat[i]!, flat[i + 1]!);
  return found;
}

type Parts = Pick<TabProps, 'project'> & { columns: Columns; c: number };

function From({ project, columns, c }: Parts) {
  return (
    <p class="dim small">
      inherited from{' '}
      <a href={nodeHref(project.id(columns.owner[c]!), 'columns', { col: columns.name(c) })}>
        {columns.label(c)}
      </a>
    </p>
  );
}

const MOST_ORIGINS = 4;

function Origin({ project, columns, v, c }: Parts & { v: number }) {
  const parents = [...neighbours(columns.parents, c)];
  return (
    <ul class="origins">
      {parents.slice(0, MOST_ORIGINS).map((parent) => (
        <li key={parent}>
          <a href={nodeHref(project.id(columns.owner[parent]!), 'columns', { col: columns.name(parent) })}>
            {columns.label(parent)}
          </a>{' '}
          <a class="kind" href={nodeHref(project.id(v), 'compiled', { col: columns.name(c) })}>
            {EDGE_KINDS[columns.kind(parent, c)]}
          </a>
        </li>
      ))}
      {parents.length > MOST_ORIGINS && <li class="dim">and {parents.length - MOST_ORIGINS} more</li>}
    </ul>
  );
}

function TestPills({ project, text, columns, v, c }: Parts & { text: TextChunk; v: number }) {
  const { tests } = text;
  const own = tests.column.flatMap((column, t) => (column === c ? [t] : []));
  const inherited: [test: number, from: number][] = [];
  for (let i = 0; i < text.inheritedTests.length; i += 3) {
    if (text.inheritedTests[i] === c)
      inherited.push([text.inheritedTests[i + 1]!, text.inheritedTests[i + 2]!]);
  }
  return (
    <>
      {own.map((t) => (
        <a key={t} class="plain" href={nodeHref(project.id(v), 'tests', { test: testId(project, tests, t) })}>
          <StatePill state={tests.state[t]!} text={tests.kinds[tests.kind[t]!]} />
        </a>
      ))}
      {inherited.map(([t, from]) => (
        <span
          key={t}
          class="pill inherited"
          title={from === -1 ? '' : `holds because ${columns.label(from)} is tested`}
        >
          {tests.kinds[tests.kind[t]!]} inherited
        </span>
      ))}
    </>
  );
}
