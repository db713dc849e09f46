/** One node: its SQL against the columns of its parents. */
import type { EngineError } from '../adapters/contract.ts';
import type { Column } from '../manifest/column.ts';
import { isFailure, type QueryLineage, type SqlEngine } from '../sql/index.ts';
import { oneLine } from './compiled-sql.ts';
import type { Finding, FindingEdge, FoundColumn } from './finding.ts';
import { KINDS } from './finding.ts';

/** What is known of a parent by those who read it. */
export interface GivenColumns extends Pick<Finding, 'open' | 'vague'> {
  columns: readonly Pick<FoundColumn, 'name' | 'type'>[];
  /** Of all this. */
  digest: string;
}

/** A relation the SQL may read: a parent, or the node itself. */
export interface KnownParent {
  /** As KnownRelation.name. */
  name: string[];
  injected: boolean;
  given: GivenColumns | undefined;
}

export interface NodeQuestion {
  sql: string;
  dialect: string;
  parents: readonly KnownParent[];
  /** The relation the node itself is built as. */
  own: string[];
  /** The SQL is the compiled code that people see: places in it are worth telling. */
  places: boolean;
  /** Columns of that relation, where it is there. */
  catalog?: readonly Column[];
}

export interface Tools {
  engine: SqlEngine;
  /** Columns and types of a query as the embedded engine binds it; undefined where it cannot be asked. */
  bind(question: NodeQuestion): Promise<{ columns: Column[] } | { error: EngineError } | undefined>;
  /** The target speaks the embedded engine's SQL: what it says of a query is the truth. */
  bindIsTruth: boolean;
}

/** Never throws for what a query is; `fallback` is what is known without it. */
export async function analyseNode(question: NodeQuestion, fallback: Finding, tools: Tools): Promise<Finding> {
  const { parents, own, sql, dialect } = question;
  const [lineage, bound] = await Promise.all([
    tools.engine.lineage({
      sql,
      dialect,
      relations: [
        ...parents.map(({ name, given }) => ({
          name,
          columns: given === undefined ? null : given.columns.map((column) => column.name),
          ...(given?.open ? { open: true } : {}),
        })),
        // an incremental model reads itself: that is no edge, but its names must be known
        { name: own, columns: fallback.columns.map((column) => column.name), open: true },
      ],
      places: question.places,
      inDuckDb: !tools.bindIsTruth,
      injected: parents.filter(({ injected }) => injected).map(({ name }) => name[0]!),
    }),
    tools.bindIsTruth ? tools.bind(question) : undefined,
  ]);
  const truth = bound !== undefined && 'columns' in bound ? bound.columns : undefined;
  const vague = parents.some(({ given }) => given === undefined || given.open || given.vague);
  const refused =
    bound !== undefined && 'error' in bound && tools.bindIsTruth && !vague ? bound.error : undefined;
  if (isFailure(lineage)) {
    const problem = refused
      ? oneLine(refused.message)
      : `its columns cannot be followed: ${oneLine(lineage.failure)}`;
    if (truth !== undefined && tools.bindIsTruth) {
      return {
        columns: truth.map(({ name, dataType }) => ({ name, type: dataType })),
        origin: 'analysis',
        problem,
        edges: [],
        ...(lineage.passing ? { passing: true } : {}),
      };
    }
    return { ...fallback, problem, ...(lineage.passing ? { passing: true } : {}) };
  }
  const foreign =
    lineage.inDuckDb === undefined ? undefined : await tools.bind({ ...question, sql: lineage.inDuckDb });
  return fromLineage({
    types: foreign !== undefined && 'columns' in foreign ? foreign.columns : truth,
    lineage,
    truth,
    refused,
    fallback,
    parents,
    vague,
    bindIsTruth: tools.bindIsTruth,
  });
}

interface Parts {
  lineage: QueryLineage;
  /** Columns as the target's own engine would give them. */
  truth: Column[] | undefined;
  /** The same from the embedded engine for a query of another: only good for types. */
  types: Column[] | undefined;
  refused: EngineError | undefined;
  fallback: Finding;
  parents: readonly KnownParent[];
  vague: boolean;
  bindIsTruth: boolean;
}

function fromLineage({
  lineage,
  truth,
  types,
  refused,
  fallback,
  parents,
  vague,
  bindIsTruth,
}: Parts): Finding {
  const same = truth !== undefined && truth.length === lineage.columns.length;
  // names: the engine's where it is the target's own; an unnamed expression is called as it says
  const columns: FoundColumn[] =
    truth !== undefined && bindIsTruth
      ? truth.map(({ name, dataType }) => ({ name, type: dataType }))
      : lineage.columns.map(({ name }) => ({
          name,
          type: null,
        }));
  const places = new Map(columns.map(({ name }, i) => [name.toLowerCase(), i]));
  const edges: FindingEdge[] = [];
  lineage.columns.forEach((column, i) => {
    const to =
      same || columns.length === lineage.columns.length ? i : (places.get(column.name.toLowerCase()) ?? -2);
    if (to === -2) return;
    if (columns[to] && column.expression) columns[to].expression = column.expression;
    for (const origin of column.origins) {
      if (origin.relation >= parents.length) continue;
      edges.push({
        parent: origin.relation,
        column: origin.column,
        to,
        kind: KINDS.indexOf(origin.kind),
        ...(origin.nullable ? { nullable: true } : {}),
        ...(origin.repeated ? { repeated: true } : {}),
      });
    }
  });
  for (const { relation, column } of lineage.filters) {
    if (relation < parents.length)
      edges.push({ parent: relation, column, to: -1, kind: KINDS.indexOf('filter') });
  }
  // words of the target's engine go before those of the embedded one
  if (!bindIsTruth) keepTypes(columns, edges, parents);
  if (types?.length === columns.length) {
    columns.forEach((column, i) => {
      column.type ??= types[i]!.dataType;
    });
  }
  forgetGuesses(columns, edges, parents, (i) => lineage.columns[i]?.cast === true);
  keepTypes(columns, edges, parents);
  const problem = problemOf({ lineage, refused, truth, vague });
  if (columns.length === 0 && fallback.columns.length > 0)
    return { ...fallback, problem, edges: edges.filter(({ to }) => to === -1) };
  const open = truth === undefined && !lineage.complete;
  return {
    columns,
    origin: columns.length === 0 ? 'none' : 'analysis',
    ...(problem === undefined ? {} : { problem }),
    ...(open ? { open: true } : {}),
    ...(columns.some(({ type }) => type === null) || vague ? { vague: true } : {}),
    edges,
  };
}

function problemOf({
  lineage,
  refused,
  truth,
  vague,
}: Pick<Parts, 'lineage' | 'refused' | 'truth' | 'vague'>): string | undefined {
  if (refused !== undefined) return oneLine(refused.message);
  if (truth !== undefined) return undefined;
  if (!lineage.complete)
    return 'it reads columns of a relation whose columns are not known: describe them in YAML, or run `sq docs generate` where the relation exists';
  if (lineage.unresolved.length > 0 && !vague) {
    return `no relation it reads has ${lineage.unresolved.length === 1 ? 'the column' : 'the columns'} ${lineage.unresolved.slice(0, 5).join(', ')}`;
  }
  return undefined;
}

/** The engine was told that a column of unknown type is text: what is made of one has no type that is known. */
function forgetGuesses(
  columns: readonly FoundColumn[],
  edges: readonly FindingEdge[],
  parents: readonly KnownParent[],
  isCast: (column: number) => boolean,
): void {
  for (const { parent, column, to } of edges) {
    const target = columns[to];
    if (target === undefined || target.type === null || isCast(to)) continue;
    if (typeOf(parents[parent]?.given?.columns ?? [], column) === null) target.type = null;
  }
}

/** What comes as it is keeps its type, where the engine was not asked; all sources of a column must agree. */
function keepTypes(
  columns: readonly FoundColumn[],
  edges: readonly FindingEdge[],
  parents: readonly KnownParent[],
): void {
  columns.forEach((column, i) => {
    if (column.type !== null) return;
    const sources = edges.filter(({ to }) => to === i);
    if (sources.length === 0 || sources.some(({ kind }) => kind > 1)) return;
    const types = new Set(
      sources.map((edge) => typeOf(parents[edge.parent]?.given?.columns ?? [], edge.column)),
    );
    if (types.size === 1) [column.type = null] = types;
  });
}

function typeOf(columns: GivenColumns['columns'], name: string): string | null {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type ?? null;
}
