/** Adapters by the `type` of a profile's output, each loaded when it is asked for. */
import { type Location, nearest, SqError } from '../errors.ts';
import type { Adapter } from './contract.ts';

const LOADERS: Record<string, () => Promise<{ adapter: Adapter }>> = {
  duckdb: () => import('./duckdb/index.ts'),
  postgres: () => import('./postgres/index.ts'),
  redshift: () => import('./redshift/index.ts'),
  spark: () => import('./spark/index.ts'),
};

/** Throws SqError kind Runtime with dbt's text when there is no such adapter; `at` is where it was asked for. */
export async function adapterOf(type: string, at?: Location): Promise<Adapter> {
  const load = Object.hasOwn(LOADERS, type) ? LOADERS[type] : undefined;
  if (load !== undefined) return (await load()).adapter;
  const known = Object.keys(LOADERS);
  const near = nearest(type, known);
  throw new SqError({
    kind: 'Runtime',
    code: 'unknown-adapter',
    message: `Could not find adapter type ${type}!`,
    at,
    hint: `${near === undefined ? '' : `did you mean '${near}'? `}the adapters are: ${known.join(', ')}`,
  });
}
