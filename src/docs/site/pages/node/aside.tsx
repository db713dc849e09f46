import type { TextChunk } from '../../../chunks.ts';
import type { Adjacency } from '../../../layout/adjacency.ts';
import type { Project } from '../../data/project.ts';
import { neighbours } from '../../data/reach.ts';
import { bytes, plural } from '../../format.ts';
import { Link } from '../../parts/markdown.tsx';
import { NodeLink } from '../../parts/node-link.tsx';
import { lineageHref } from '../../route.ts';

export interface AsideProps {
  project: Project;
  v: number;
  text: TextChunk | undefined;
}

/** So many neighbours are listed; the picture has the others. */
const MOST = 30;

export function Aside({ project, v, text }: AsideProps) {
  const facts = text?.facts.find(([node]) => node === v)?.[1] ?? [];
  const name = project.name(v);
  return (
    <aside aria-label="Around it">
      <Neighbours project={project} title="Upstream" side={project.parents} v={v} />
      <Neighbours project={project} title="Downstream" side={project.children} v={v} />
      <p>
        <a href={lineageHref({ select: `2+${name}+2` })}>Open in lineage</a>
      </p>
      {facts.length > 0 && (
        <dl>
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{key === 'Bytes' ? 'Size' : key}</dt>
              <dd>{key === 'Bytes' ? bytes(Number(value)) : <Link to={value}>{value}</Link>}</dd>
            </div>
          ))}
        </dl>
      )}
    </aside>
  );
}

interface NeighboursProps {
  project: Project;
  title: string;
  side: Adjacency;
  v: number;
}

function Neighbours({ project, title, side, v }: NeighboursProps) {
  const all = [...neighbours(side, v)];
  return (
    <>
      <h2>{title}</h2>
      {all.length === 0 ? (
        <p class="dim">nothing</p>
      ) : (
        <ul>
          {all.slice(0, MOST).map((other) => (
            <li key={other}>
              <NodeLink project={project} v={other} />
            </li>
          ))}
          {all.length > MOST && <li class="dim">{plural(all.length - MOST, 'more', 'more')}</li>}
        </ul>
      )}
    </>
  );
}
