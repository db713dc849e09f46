/** Config `load:` of a copy model. */
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode, SourceNode } from '../manifest/nodes.ts';
import type { PlanNode } from './contract.ts';

export interface CopyConfig {
  mode: 'replace' | 'append' | 'partition';
  /** Expressions over the table's columns; only of mode partition. */
  partitionBy: string[];
  /** Expression for the moment of a row, in UTC: an interval replaces exactly its rows. Null: none is known. */
  eventTime: string | null;
  /** Rows that may be left out; also `maxerror` among the source's options. */
  maxErrors: number;
  /** What mode append does with a file that it has loaded and whose content is another now. */
  changed: 'error' | 'append' | 'skip';
}

const KEYS = ['mode', 'partition_by', 'event_time', 'maxerror', 'changed'];
const MODES = ['replace', 'append', 'partition'] as const;
const CHANGED = ['error', 'append', 'skip'] as const;
/** Redshift's upper bound. */
const MOST_ERRORS = 100_000;

/** Throws SqError kind Compilation for what is not known. */
export function copyConfig(node: CompiledNode, source: SourceNode, part?: PlanNode['part']): CopyConfig {
  const load = node.config.load ?? {};
  if (typeof load !== 'object' || Array.isArray(load)) {
    throw problem(node, `it is ${JSON.stringify(load)}`, 'write it as load: {mode: replace}');
  }
  const given = load as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (KEYS.includes(key)) continue;
    const near = nearest(key, KEYS);
    throw problem(
      node,
      `it has the key '${key}', which is not known`,
      near === undefined ? `the keys are: ${KEYS.join(', ')}` : `did you mean '${near}'?`,
    );
  }
  const mode = choice(node, given, { key: 'mode', values: MODES, standard: 'replace' });
  const partitionBy = partitionsOf(node, given.partition_by);
  const eventTime = eventTimeOf(node, given.event_time, mode);
  if (mode === 'replace' && typeof part === 'object') throw wouldLose(node);
  if (mode === 'partition' && partitionBy.length === 0 && (eventTime === null || part === undefined)) {
    throw problem(
      node,
      'mode partition needs partition_by',
      'say which rows are loaded again, e.g. partition_by: "cast(loaded_at as date)"',
    );
  }
  if (mode !== 'partition' && partitionBy.length > 0) {
    throw problem(
      node,
      `partition_by is given, and the mode is ${mode}`,
      'say mode: partition, or leave partition_by out',
    );
  }
  const maxErrors = errorsOf(node, given.maxerror ?? sourceMaxError(source));
  if (maxErrors > 0 && source.external?.format === 'parquet') {
    throw problem(node, 'maxerror does not apply to parquet files', 'leave it out; COPY has the same rule');
  }
  return {
    mode,
    partitionBy,
    eventTime,
    maxErrors,
    changed: choice(node, given, { key: 'changed', values: CHANGED, standard: 'error' }),
  };
}

function sourceMaxError(source: SourceNode): unknown {
  const options = Object.entries(source.external?.options ?? {});
  return options.find(([name]) => name.toLowerCase() === 'maxerror')?.[1] ?? 0;
}

function choice<T extends string>(
  node: CompiledNode,
  given: Record<string, unknown>,
  { key, values, standard }: { key: string; values: readonly T[]; standard: T },
): T {
  const value = given[key] ?? standard;
  const known = values.find((one) => one === value);
  if (known !== undefined) return known;
  const near = nearest(String(value), values);
  throw problem(
    node,
    `${key} is ${JSON.stringify(value)}`,
    near === undefined ? `it is one of: ${values.join(', ')}` : `did you mean '${near}'?`,
  );
}

function partitionsOf(node: CompiledNode, value: unknown): string[] {
  const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  if (list.every((one): one is string => typeof one === 'string' && one.trim() !== '')) return list;
  throw problem(
    node,
    `partition_by is ${JSON.stringify(value)}`,
    'give a column, an expression, or a list of them',
  );
}

function eventTimeOf(node: CompiledNode, value: unknown, mode: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.trim() === '')
    throw problem(
      node,
      `event_time is ${JSON.stringify(value)}`,
      'give the column or expression of the moment of a row',
    );
  if (mode !== 'partition')
    throw problem(
      node,
      `event_time is given, and the mode is ${mode}`,
      'say mode: partition, or leave event_time out',
    );
  return value;
}

function wouldLose(node: CompiledNode): SqError {
  return problem(
    node,
    'mode replace would leave only the rows of the interval that is asked for',
    'say load: {mode: partition, event_time: …}, which replaces the rows of the interval',
  );
}

function errorsOf(node: CompiledNode, value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MOST_ERRORS)
    return number;
  throw problem(
    node,
    `maxerror is ${JSON.stringify(value)}`,
    `it is a whole number from 0 to ${MOST_ERRORS}`,
  );
}

function problem(node: CompiledNode, what: string, hint: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'copy-config',
    message: `Config load of ${node.name} cannot be used: ${what}.`,
    at: { path: node.original_file_path },
    hint,
  });
}
