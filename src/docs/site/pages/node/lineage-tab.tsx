import { useMemo, useState } from 'preact/hooks';
import { reach } from '../../data/reach.ts';
import { plural } from '../../format.ts';
import { FocusView } from '../../graph/focus-view.tsx';
import { MOST_CARDS } from '../../graph/geometry.ts';
import { lineageHref } from '../../route.ts';
import type { TabProps } from './props.ts';

/** Two steps up and down, fewer where that is a crowd: what it reaches in the end is one link away. */
export function LineageTab({ project, later: { columns }, v }: TabProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const vertices = useMemo(() => {
    const around = (hops: number) =>
      new Set([...reach(project.parents, [v], hops), ...reach(project.children, [v], hops)]);
    const near = around(2);
    return near.size <= MOST_CARDS ? near : around(1);
  }, [project, v]);
  const name = project.name(v);
  const toggle = (other: number) => {
    const next = new Set(opened);
    if (!next.delete(other)) next.add(other);
    setOpened(next);
  };
  return (
    <>
      <div class="embed tall">
        {vertices.size > MOST_CARDS ? (
          <p class="empty">
            {plural(vertices.size, 'neighbour')}:{' '}
            <a href={lineageHref({ select: `1+${name}+1` })}>open in lineage</a>
          </p>
        ) : (
          <FocusView
            project={project}
            columns={columns}
            vertices={vertices}
            focus={v}
            opened={opened}
            onToggle={toggle}
            embedded
          />
        )}
      </div>
      <p>
        <a href={lineageHref({ select: `+${name}` })}>Everything above it</a>
        {' · '}
        <a href={lineageHref({ select: `${name}+` })}>Everything below it</a>
      </p>
    </>
  );
}
