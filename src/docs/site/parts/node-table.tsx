import type { Project } from '../data/project.ts';
import { count, duration } from '../format.ts';
import { LongTable, type TableColumn } from './long-table.tsx';
import { NodeLink } from './node-link.tsx';
import { StatePill } from './status.tsx';

/** Vertices as a table: what the pictures show, to be read and sorted. */
export function NodeTable({
  project,
  vertices,
  label,
}: {
  project: Project;
  vertices: readonly number[];
  label: string;
}) {
  const { rows, ms, tests } = project.core;
  const columns: TableColumn<number>[] = [
    { name: 'Name', cell: (v) => <NodeLink project={project} v={v} />, key: (v) => project.label(v) },
    { name: 'State', cell: (v) => <StatePill state={project.worst(v)} />, key: (v) => -project.worst(v) },
    { name: 'Built as', cell: (v) => project.built(v), key: (v) => project.built(v), wide: true },
    {
      name: 'Folder',
      cell: (v) => <span class="dim">{project.folder(v)}</span>,
      key: (v) => project.folder(v),
      wide: true,
    },
    {
      name: 'Tests',
      cell: (v) => (tests[v] === 0 ? '' : count(tests[v]!)),
      key: (v) => tests[v]!,
      figures: true,
      wide: true,
    },
    { name: 'Rows', cell: (v) => (rows[v]! < 0 ? '' : count(rows[v]!)), key: (v) => rows[v]!, figures: true },
    { name: 'Time', cell: (v) => duration(ms[v]!), key: (v) => ms[v]!, figures: true },
  ];
  return <LongTable label={label} rows={vertices} columns={columns} />;
}
