import type { Project } from '../data/project.ts';
import type { Route } from '../route.ts';
import type { Theme } from '../theme.ts';
import type { Later } from '../use-chunk.ts';

export interface PageProps {
  project: Project;
  later: Later;
  route: Route;
  theme: Theme;
}
