import type { Freshness } from '../../chunks.ts';
import type { Project } from '../data/project.ts';
import { age, count, moment } from '../format.ts';
import { Heading } from '../parts/heading.tsx';
import { LongTable } from '../parts/long-table.tsx';
import { NodeLink } from '../parts/node-link.tsx';
import { StatePill } from '../parts/status.tsx';
import type { PageProps } from './props.ts';

const WORDS = ['not asked', 'fresh', 'not asked', 'stale', 'too old'] as const;

export function SourcesPage({ project }: PageProps) {
  const sources = [...project.everything()].filter((v) => project.type(v) === 'source');
  const known = new Map(project.core.freshness.map((one) => [one.node, one]));
  const state = (v: number) => known.get(v)?.state ?? 0;
  const shown = sources.sort((a, b) => state(b) - state(a) || a - b);
  return (
    <>
      <Heading>Sources and freshness</Heading>
      {known.size === 0 && (
        <p class="dim">
          Nobody has asked how fresh they are. Give a source <code>loaded_at_field</code> and{' '}
          <code>freshness</code>, run <code>sq source freshness</code>, and generate this page again.
        </p>
      )}
      <SourceTable project={project} sources={shown} known={known} />
    </>
  );
}

interface SourceTableProps {
  project: Project;
  sources: readonly number[];
  known: ReadonlyMap<number, Freshness>;
}

function SourceTable({ project, sources, known }: SourceTableProps) {
  const rows = (v: number) => project.core.rows[v]!;
  const children = (v: number) => project.children.start[v + 1]! - project.children.start[v]!;
  return (
    <LongTable
      label="Sources"
      rows={sources}
      columns={[
        { name: 'Source', cell: (v) => <NodeLink project={project} v={v} />, key: (v) => project.label(v) },
        {
          name: 'Freshness',
          cell: (v) => {
            const one = known.get(v);
            const text = one?.problem === undefined ? WORDS[one?.state ?? 0] : one.problem;
            return <StatePill state={one?.state ?? 0} text={text} />;
          },
        },
        {
          name: 'Newest row',
          cell: (v) => (known.get(v)?.newest ? moment(known.get(v)!.newest!) : ''),
          key: (v) => known.get(v)?.newest ?? '',
          wide: true,
        },
        {
          name: 'Age',
          cell: (v) => (typeof known.get(v)?.age === 'number' ? age(known.get(v)!.age!) : ''),
          key: (v) => known.get(v)?.age ?? -1,
        },
        { name: 'Rule', cell: (v) => <span class="dim">{known.get(v)?.rule ?? 'none'}</span>, wide: true },
        {
          name: 'Rows',
          cell: (v) => (rows(v) < 0 ? '' : count(rows(v))),
          key: rows,
          figures: true,
          wide: true,
        },
        { name: 'Read by', cell: (v) => count(children(v)), key: children, figures: true },
      ]}
    />
  );
}
