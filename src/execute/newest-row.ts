/** When the newest row of a source was loaded: by its query, its column, its files, or what the engine knows. */
import { AgateTable } from '../context/agate-table.ts';
import { PyDate, PyDateTime } from '../context/modules/moments.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode, SourceNode } from '../manifest/nodes.ts';
import { relation, renderRelation } from '../manifest/relation.ts';
import { Dict, toJs } from '../template/index.ts';
import type { RunState } from './run-state.ts';

/** A moment: Python's ISO text in UTC, and seconds since the epoch. */
export interface Moment {
  text: string;
  seconds: number;
}

export interface Newest {
  maxLoadedAt: Moment;
  snapshottedAt: Moment;
  response: Record<string, unknown>;
}

/** Throws SqError (Runtime) where nothing tells, and the engine's error. */
export async function newestOf(run: RunState, source: SourceNode): Promise<Newest> {
  const { compiler, context, manifest } = run.request;
  const { invocation } = context;
  // the context of a template wants a node; a source answers for one with its name, schema and config
  const node = source as unknown as CompiledNode;
  const from = compiler.relationOf(source);
  const fragment = context.adapter.sourceFragment?.(source, context);
  const shown = fragment === undefined ? from : relation(null, null, fragment.sql, { quote: UNQUOTED });
  if (source.loaded_at_query) {
    const sql = await compiler.renderText(source.loaded_at_query, node, { extra: { source_node: source } });
    return answer(await compiler.callMacro('collect_freshness_custom_sql', [shown, sql], null), source);
  }
  if (source.loaded_at_field) {
    const args = [shown, source.loaded_at_field, source.freshness?.filter ?? null];
    return answer(await compiler.callMacro('collect_freshness', args, null), source);
  }
  if (source.external && typeof source.external.format === 'string') {
    const { newestFile } = await import('../adapters/shared/files/newest-file.ts');
    const modified = await newestFile(source, { projectDir: context.projectDir, invocation });
    return { maxLoadedAt: ofDate(modified), snapshottedAt: ofDate(invocation.now()), response: {} };
  }
  if (manifest.macro(`dbt_${run.dialect.type}`, `${run.dialect.type}__get_relation_last_modified`)) {
    warnOfFilter(run, source);
    const schema = relation(from.database, 'information_schema', null, { quoteChar: from.quoteChar });
    return metadataAnswer(
      await compiler.callMacro('get_relation_last_modified', [schema, [from]], null),
      source,
    );
  }
  throw new SqError({
    kind: 'Runtime',
    code: 'no-freshness',
    message: `Could not compute freshness for source ${source.name}: no 'loaded_at_field' provided and ${run.dialect.type} adapter does not support metadata-based freshness checks.`,
    hint: 'add loaded_at_field (a column) or loaded_at_query to the source',
  });
}

const UNQUOTED = { database: false, schema: false, identifier: false };

function warnOfFilter(run: RunState, source: SourceNode): void {
  if (!source.freshness?.filter) return;
  const msg = `A filter cannot be applied to a metadata freshness check on source '${source.name}'.`;
  run.invocation.emit({ name: 'Warning', event_name: 'Note', msg });
}

/** What a macro of freshness gives: the result of a statement, or (before dbt 1.5) its table. */
function answer(given: unknown, source: SourceNode): Newest {
  const table = tableOf(given);
  const cells = table?.rows[0]?.cells;
  if (table === undefined || table.rows.length !== 1 || cells === undefined || cells.length !== 2) {
    throw new SqError({
      kind: 'Compilation',
      code: 'freshness-answer',
      message: `Got an invalid result from the freshness macro of source ${source.name}: it must give one row with max_loaded_at and snapshotted_at`,
    });
  }
  return {
    maxLoadedAt: momentOf(cells[0], source),
    snapshottedAt: momentOf(cells[1], source),
    response: responseOf(given),
  };
}

/** Rows (identifier, schema, last_modified, snapshotted_at). */
function metadataAnswer(given: unknown, source: SourceNode): Newest {
  const table = tableOf(given);
  const at = (name: string) => table?.names.findIndex((one) => one.toLowerCase() === name) ?? -1;
  const row = table?.rows.find(
    ({ cells }) => String(cells[at('identifier')]).trim().toLowerCase() === source.identifier.toLowerCase(),
  );
  if (row === undefined) {
    throw new SqError({
      kind: 'Runtime',
      code: 'freshness-answer',
      message: `The warehouse does not know when source ${source.name} was written`,
      hint: 'add loaded_at_field (a column) or loaded_at_query to the source',
    });
  }
  return {
    maxLoadedAt: momentOf(row.cells[at('last_modified')], source),
    snapshottedAt: momentOf(row.cells[at('snapshotted_at')], source),
    response: responseOf(given),
  };
}

function tableOf(given: unknown): AgateTable | undefined {
  const table = given instanceof Dict ? given.get('table') : given;
  return table instanceof AgateTable ? table : undefined;
}

function responseOf(given: unknown): Record<string, unknown> {
  const response = given instanceof Dict ? toJs(given.get('response')) : undefined;
  if (typeof response !== 'object' || response === null) return {};
  const known = Object.entries(response).filter(([, value]) => value !== null);
  const rows = /^SELECT (\d+)$/.exec(String((response as { _message?: unknown })._message))?.[1];
  return { ...Object.fromEntries(known), ...(rows !== undefined && { rows_affected: Number(rows) }) };
}

/** A time without zone is UTC; no rows at all are as old as can be. */
function momentOf(value: unknown, source: SourceNode): Moment {
  if (value === null || value === undefined)
    return { text: '0001-01-01T00:00:00+00:00', seconds: -62_135_596_800 };
  if (value instanceof PyDateTime) return ofMicros(value.micros);
  const read = typeof value === 'string' ? PyDateTime.parse(value) : undefined;
  if (read !== undefined) return ofMicros(read.micros);
  const type = value instanceof PyDate ? 'date' : typeof value;
  throw new SqError({
    kind: 'Runtime',
    code: 'freshness-type',
    message: `Expected a timestamp value when querying field 'max_loaded_at' of table ${source.relation_name ?? renderRelation(relation(null, null, source.name))} but received value of type '${type}' instead`,
    hint: 'loaded_at_field may be an expression: cast(loaded_on as timestamp)',
  });
}

function ofDate(date: Date): Moment {
  return ofMicros(BigInt(date.getTime()) * 1000n);
}

/** Python's isoformat: microseconds only where there are some. */
function ofMicros(micros: bigint): Moment {
  const whole = micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n;
  const rest = Number(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n);
  const seconds = new Date(Number(whole)).toISOString().slice(0, 19);
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(6, '0')}`;
  return { text: `${seconds}${fraction}+00:00`, seconds: Number(micros) / 1e6 };
}
