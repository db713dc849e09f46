import type { CommandModule } from '../session.ts';

/** The file of each command; loaded when it is the one that runs. */
const LOADERS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  backfill: () => import('./backfill.ts'),
  build: () => import('./build.ts'),
  clean: () => import('./clean.ts'),
  clone: () => import('./clone.ts'),
  compile: () => import('./compile.ts'),
  deps: () => import('./deps.ts'),
  debug: () => import('./debug.ts'),
  'docs generate': () => import('./docs-generate.ts'),
  'docs serve': () => import('./docs-serve.ts'),
  'infra down': () => import('./infra-down.ts'),
  'infra status': () => import('./infra-status.ts'),
  'infra up': () => import('./infra-up.ts'),
  init: () => import('./init.ts'),
  lineage: () => import('./lineage.ts'),
  ls: () => import('./ls.ts'),
  parse: () => import('./parse.ts'),
  retry: () => import('./retry.ts'),
  run: () => import('./run.ts'),
  'run-operation': () => import('./run-operation.ts'),
  seed: () => import('./seed.ts'),
  show: () => import('./show.ts'),
  snapshot: () => import('./snapshot.ts'),
  'source freshness': () => import('./source-freshness.ts'),
  test: () => import('./test.ts'),
};

export function loadCommand(name: string): Promise<CommandModule> {
  return LOADERS[name]!();
}
