/** The path of a column in words: what the lines of the picture show. */
import { EDGE_KINDS } from '../../chunks.ts';
import type { Columns } from '../data/columns.ts';
import type { Project } from '../data/project.ts';
import { neighbours } from '../data/reach.ts';
import type { Trace } from '../data/trace.ts';
import { LongTable } from '../parts/long-table.tsx';
import { NodeLink } from '../parts/node-link.tsx';
import { lineageHref } from '../route.ts';

export interface TraceTableProps {
  project: Project;
  columns: Columns;
  trace: Trace;
}

interface Row {
  column: number;
  vertex: number;
  where: string;
  from: string;
}

export function TraceTable({ project, columns, trace }: TraceTableProps) {
  const rows = rowsOf(project, columns, trace);
  return (
    <LongTable
      label={`Path of ${columns.label(trace.column)}`}
      rows={rows}
      rowClass={({ column, vertex }) =>
        column === trace.column && vertex === columns.owner[column] ? 'lit' : ''
      }
      columns={[
        { name: 'Node', cell: ({ vertex }) => <NodeLink project={project} v={vertex} /> },
        {
          name: 'Column',
          cell: ({ column, vertex }) =>
            columns.owner[column] === vertex ? (
              <a href={lineageHref({ col: columns.address(column), view: 'list' })}>
                <code>{columns.name(column)}</code>
              </a>
            ) : (
              <span class="dim">its rows</span>
            ),
        },
        { name: 'Where', cell: ({ where }) => where },
        { name: 'Made from', cell: ({ from }) => <span class="dim">{from}</span> },
      ]}
    />
  );
}

/** From the sources to the last use, in the order of the map. */
function rowsOf(project: Project, columns: Columns, trace: Trace): Row[] {
  const { core } = project;
  const rows: Row[] = [...trace.columns].map((column) => ({
    column,
    vertex: columns.owner[column]!,
    where: column === trace.column ? 'traced' : trace.up.has(column) ? 'above' : 'below',
    from: [...neighbours(columns.parents, column)]
      .filter((parent) => trace.columns.has(parent))
      .map((parent) => `${columns.label(parent)} (${EDGE_KINDS[columns.kind(parent, column)]})`)
      .join(', '),
  }));
  for (const [column, vertex] of trace.filters) {
    rows.push({ column, vertex, where: 'filter or join', from: columns.label(column) });
  }
  return rows.sort(
    (a, b) => core.x[a.vertex]! - core.x[b.vertex]! || a.vertex - b.vertex || a.column - b.column,
  );
}
