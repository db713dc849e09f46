/** What dbt asks of a finished config, once property files, groups and parents are known. Texts are dbt's. */
import { nearest, SqError } from '../errors.ts';
import { pythonRepr, pythonTypeName } from '../load/index.ts';
import type { CompiledNode, NodeConfig } from '../manifest/nodes.ts';
import type { ParsedContents } from './contents.ts';

const BATCH_SIZES = ['hour', 'day', 'month', 'year'];

/** Throws kind Parsing at the first node whose config cannot be. */
export function checkConfigs(contents: ParsedContents): void {
  const groups = contents.groups.map(({ name }) => name).sort();
  for (const node of contents.nodes.values()) checkConfig(node as CompiledNode, groups);
}

/** The same for one node. Completes `begin` of a microbatch model. */
export function checkConfig(node: CompiledNode, groups: readonly string[]): void {
  const { group, config, resource_type: type } = node;
  if (typeof group === 'string' && group !== '' && !groups.includes(group))
    throw unknownGroup(node, group, groups);
  if (type === 'snapshot') checkSnapshot(node, config);
  if (type !== 'model') return;
  if (node.access === 'public' && config.materialized === 'ephemeral') {
    throw refused(
      node,
      `Node ${node.unique_id} with 'ephemeral' materialization has an invalid value (public) for the access field`,
    );
  }
  if (config.materialized === 'incremental' && config.incremental_strategy === 'microbatch')
    checkMicrobatch(node, config);
}

function unknownGroup(node: CompiledNode, group: string, groups: readonly string[]): SqError {
  const near = nearest(group, groups);
  return new SqError({
    kind: 'Parsing',
    code: 'unknown-group',
    message: `Invalid group '${group}', expected one of ${pythonRepr(groups)}`,
    node: { resourceType: node.resource_type, name: node.name, path: node.original_file_path },
    hint:
      near === undefined
        ? 'groups are declared in property files, under `groups:`'
        : `did you mean '${near}'?`,
  });
}

function checkMicrobatch(node: CompiledNode, config: NodeConfig): void {
  const { event_time: time, begin, batch_size: size, lookback, concurrent_batches: concurrent } = config;
  const model = `Microbatch model '${node.name}'`;
  if (time === null || time === undefined)
    throw refused(
      node,
      `${model} must provide an 'event_time' (string) config that indicates the name of the event time column.`,
    );
  if (typeof time !== 'string')
    throw refused(
      node,
      `${model} must provide an 'event_time' config of type string, but got: ${typeText(time)}.`,
    );
  if (begin === null || begin === undefined)
    throw refused(
      node,
      `${model} must provide a 'begin' (datetime) config that indicates the earliest timestamp the microbatch model should be built from.`,
    );
  if (!/^\d{4}-\d\d-\d\d/.test(String(begin)))
    throw refused(
      node,
      `${model} must provide a 'begin' config of valid datetime (ISO format), but got: ${String(begin)}.`,
    );
  config.begin = String(begin)
    .replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00:00')
    .replace(/^(\d{4}-\d\d-\d\d) /, '$1T');
  if (!BATCH_SIZES.includes(String(size)))
    throw refused(
      node,
      `${model} must provide a 'batch_size' config that is one of ${pythonRepr(BATCH_SIZES)}, but got: ${String(size ?? 'None')}.`,
    );
  if (lookback !== null && lookback !== undefined && !Number.isInteger(lookback))
    throw refused(
      node,
      `${model} must provide the optional 'lookback' config as type int, but got: ${typeText(lookback)}).`,
    );
  if (concurrent !== null && concurrent !== undefined && typeof concurrent !== 'boolean')
    throw refused(
      node,
      `${model} optional 'concurrent_batches' config must be of type \`bool\` if specified, but got: ${typeText(concurrent)}).`,
    );
}

function checkSnapshot(node: CompiledNode, config: NodeConfig): void {
  const { strategy, unique_key: key, check_cols: columns, updated_at: updatedAt } = config;
  if (isEmpty(strategy) || isEmpty(key))
    throw refused(node, "Snapshots must be configured with a 'strategy' and 'unique_key'.");
  if (strategy === 'check') {
    if (isEmpty(columns))
      throw refused(
        node,
        'A snapshot configured with the check strategy must specify a check_cols configuration.',
      );
    if (typeof columns === 'string' && columns !== 'all')
      throw refused(node, `Invalid value for 'check_cols': ${columns}. Expected 'all' or a list of strings.`);
  } else if (strategy === 'timestamp') {
    if (isEmpty(updatedAt))
      throw refused(
        node,
        'A snapshot configured with the timestamp strategy must specify an updated_at configuration.',
      );
    if (!isEmpty(columns)) throw refused(node, "A 'timestamp' snapshot should not have 'check_cols'");
  }
  if (config.materialized !== 'snapshot')
    throw refused(node, "A snapshot must have a materialized value of 'snapshot'");
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function typeText(value: unknown): string {
  return `<class '${pythonTypeName(value)}'>`;
}

function refused(node: CompiledNode, message: string): SqError {
  return new SqError({
    kind: 'Parsing',
    code: 'config-check',
    message,
    node: { resourceType: node.resource_type, name: node.name, path: node.original_file_path },
  });
}
