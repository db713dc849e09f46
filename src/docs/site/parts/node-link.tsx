import type { Project } from '../data/project.ts';
import { nodeHref, type Query } from '../route.ts';
import { TypeIcon } from './type-icon.tsx';

export interface NodeLinkProps {
  project: Project;
  v: number;
  tab?: string;
  query?: Query;
}

export function NodeLink({ project, v, tab, query }: NodeLinkProps) {
  return (
    <a class="node-link" href={nodeHref(project.id(v), tab, query)}>
      <TypeIcon type={project.type(v)} />
      <span>{project.label(v)}</span>
    </a>
  );
}
