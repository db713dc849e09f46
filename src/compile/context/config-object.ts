/** `config` while executing: reads the node's final config; calling it does nothing any more. */
import { CallableNamespace } from '../../context/host.ts';
import { SqError } from '../../errors.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { callArguments, fromJs } from '../../template/index.ts';

export function configObject(node: CompiledNode): CallableNamespace {
  const value = (name: string): unknown => {
    const key = name === 'pre_hook' ? 'pre-hook' : name === 'post_hook' ? 'post-hook' : name;
    if (Object.hasOwn(node.config, key)) return node.config[key];
    if (key === 'snapshot_table_column_names' && node.resource_type === 'snapshot')
      return snapshotColumns(node);
    return undefined;
  };
  const meta = (name: string): unknown =>
    Object.hasOwn(node.config.meta ?? {}, name) ? node.config.meta[name] : undefined;
  const persists = (what: 'relation' | 'columns') =>
    (node.config.persist_docs as Record<string, unknown> | undefined)?.[what] === true;
  const get =
    (read: (name: string) => unknown) =>
    (...args: unknown[]) => {
      const given = callArguments(args, ['name', 'default', 'validator']);
      const found = read(String(given.name));
      // dbt: a config that is None answers the default too
      const missing = found === undefined || found === null;
      const result = missing ? (given.default ?? null) : fromJs(found);
      if (!missing && typeof given.validator === 'function')
        (given.validator as (v: unknown) => unknown)(result);
      return result;
    };
  const require =
    (read: (name: string) => unknown) =>
    (...args: unknown[]) => {
      const given = callArguments(args, ['name', 'validator']);
      const found = read(String(given.name));
      if (found === undefined || found === null) {
        throw new SqError({
          kind: 'Compilation',
          code: 'missing-config',
          message: `Model '${node.unique_id}' does not define a required config parameter '${String(given.name)}'.`,
        });
      }
      return fromJs(found);
    };
  return new CallableNamespace(
    'config',
    () => '',
    (name) => {
      switch (name) {
        case 'get':
          return get(value);
        case 'require':
          return require(value);
        case 'meta_get':
          return get(meta);
        case 'meta_require':
          return require(meta);
        case 'set':
          return () => '';
        case 'persist_relation_docs':
          return () => persists('relation');
        case 'persist_column_docs':
          return () => persists('columns');
        case 'model':
          return fromJs(node);
        default:
          return undefined;
      }
    },
  );
}

const META_COLUMNS = ['dbt_valid_from', 'dbt_valid_to', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'];

/** Names of the columns that a snapshot adds: those of `snapshot_meta_column_names`, or dbt's. */
function snapshotColumns({ config }: CompiledNode): Record<string, string> {
  const named = (config.snapshot_meta_column_names ?? {}) as Record<string, string | null>;
  return Object.fromEntries(META_COLUMNS.map((name) => [name, named[name] || name]));
}
