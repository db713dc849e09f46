/** Materializations by the name that config `materialized` gives. */
import { nearest, SqError } from '../errors.ts';
import type { Materialization } from './contract.ts';
import { ephemeral } from './ephemeral.ts';
import { incremental } from './incremental.ts';
import { notBuiltYet } from './not-built-yet.ts';
import { table } from './table.ts';
import { view } from './view.ts';

const LOADERS: Record<string, () => Promise<Materialization> | Materialization> = {
  table: () => table,
  view: () => view,
  incremental: () => incremental,
  ephemeral: () => ephemeral,
  copy: async () => (await import('./copy.ts')).copy,
  materialized_view: async () => (await import('./materialized-view.ts')).materializedView,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  function: async () => (await import('./function.ts')).functionMaterialization,
  external: async () => (await import('./external.ts')).external,
  seed: async () => (await import('./seed/seed.ts')).seed,
};

/** A name of sq's own, which only the root project may take for a macro of its own. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(LOADERS, name);
}

const LATER = ['table_function', 'clone'];

/**
 * `adapterType` is for the message: a name that is not known throws SqError kind Compilation with dbt's text.
 * A project's own `{% materialization %}` is looked for by the caller, before this.
 */
export async function materializationOf(name: string, adapterType: string): Promise<Materialization> {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (load !== undefined) return load();
  if (LATER.includes(name)) return notBuiltYet(name);
  const near = nearest(name, [...Object.keys(LOADERS), ...LATER]);
  throw new SqError({
    kind: 'Compilation',
    code: 'missing-materialization',
    message: `No materialization '${name}' was found for adapter ${adapterType}! (searched types 'default' and '${adapterType}')`,
    hint: `${near === undefined ? '' : `did you mean '${near}'? `}the materializations are: ${Object.keys(LOADERS).join(', ')}`,
  });
}
