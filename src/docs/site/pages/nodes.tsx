import { useMemo, useState } from 'preact/hooks';
import { search } from '../data/search.ts';
import { count, plural } from '../format.ts';
import { Heading } from '../parts/heading.tsx';
import { NodeTable } from '../parts/node-table.tsx';
import { go, href } from '../route.ts';
import type { PageProps } from './props.ts';

export function NodesPage({ project, route }: PageProps) {
  const [query, setQuery] = useState('');
  const type = route.query.get('type') ?? '';
  const types = useMemo(() => {
    const found = new Map<string, number>();
    for (let v = 0; v < project.count; v++) found.set(project.type(v), (found.get(project.type(v)) ?? 0) + 1);
    return [...found];
  }, [project]);
  const shown = useMemo(() => {
    const all = query === '' ? [...project.everything()] : search(project.lower, query, project.count);
    return type === '' ? all : all.filter((v) => project.type(v) === type);
  }, [project, query, type]);
  return (
    <>
      <Heading>Models and what they read</Heading>
      <div class="filters">
        <input
          type="search"
          aria-label="Filter by name"
          placeholder={`Filter ${plural(project.count, 'node')}`}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <label>
          Type{' '}
          <select
            value={type}
            onChange={(event) => go(href('models', '', '', { type: event.currentTarget.value }))}
          >
            <option value="">all</option>
            {types.map(([name, many]) => (
              <option key={name} value={name}>
                {`${name.replaceAll('_', ' ')} (${count(many)})`}
              </option>
            ))}
          </select>
        </label>
        <span class="dim" role="status">
          {plural(shown.length, 'node')}
        </span>
      </div>
      <NodeTable project={project} vertices={shown} label="Nodes" />
    </>
  );
}
