import type { TextChunk } from '../../chunks.ts';
import type { Columns } from '../data/columns.ts';
import type { Project } from '../data/project.ts';
import { testId } from '../data/selectable.ts';
import { count, duration } from '../format.ts';
import { nodeHref } from '../route.ts';
import { LongTable, type TableColumn } from './long-table.tsx';
import { NodeLink } from './node-link.tsx';
import { StatePill } from './status.tsx';

export interface TestTableProps {
  project: Project;
  text: TextChunk;
  columns: Columns | undefined;
  /** Places of the tests. */
  tests: readonly number[];
  label: string;
}

/** `accepted_values free, paid`, or the name of a singular test. */
export function testTitle({ tests }: TextChunk, t: number): string {
  const kind = tests.kinds[tests.kind[t]!]!;
  return kind === 'singular' || kind === 'unit' ? tests.name[t]! : kind;
}

export function TestTable({ project, text, columns: known, tests: shown, label }: TestTableProps) {
  const { tests } = text;
  const columnName = (t: number) =>
    known !== undefined && tests.column[t] !== -1 ? known.name(tests.column[t]!) : '';
  const columns: TableColumn<number>[] = [
    {
      name: 'Test',
      cell: (t) => (
        <>
          {tests.node[t] === -1 ? (
            testTitle(text, t)
          ) : (
            <a href={nodeHref(project.id(tests.node[t]!), 'tests', { test: testId(project, tests, t) })}>
              {testTitle(text, t)}
            </a>
          )}
          {tests.label[t] !== 0 && <span class="dim"> {tests.label[t]}</span>}
        </>
      ),
      key: (t) => testTitle(text, t),
    },
    { name: 'Result', cell: (t) => <StatePill state={tests.state[t]!} />, key: (t) => -tests.state[t]! },
    {
      name: 'Of',
      cell: (t) => (tests.node[t] === -1 ? '' : <NodeLink project={project} v={tests.node[t]!} />),
      key: (t) => (tests.node[t] === -1 ? '' : project.label(tests.node[t]!)),
    },
    { name: 'Column', cell: (t) => <code>{columnName(t)}</code>, key: columnName, wide: true },
    {
      name: 'Failing rows',
      cell: (t) => (tests.failures[t]! < 0 ? '' : count(tests.failures[t]!)),
      key: (t) => tests.failures[t]!,
      figures: true,
    },
    {
      name: 'Time',
      cell: (t) => duration(tests.ms[t]!),
      key: (t) => tests.ms[t]!,
      figures: true,
      wide: true,
    },
  ];
  return <LongTable label={label} rows={shown} columns={columns} />;
}
