/** A name in the warehouse: up to three parts, and how each is quoted. Plain data with a few pure helpers. */

export type RelationType = 'table' | 'view' | 'cte' | 'materialized_view' | 'external' | 'pointer' | null;

export interface QuotePolicy {
  database: boolean;
  schema: boolean;
  identifier: boolean;
}

export interface Relation {
  readonly database: string | null;
  readonly schema: string | null;
  readonly identifier: string | null;
  readonly type: RelationType;
  readonly quote: QuotePolicy;
  /** The character around a quoted part; `"` on every engine of issue 1 and 2. */
  readonly quoteChar: string;
}

export function relation(
  database: string | null,
  schema: string | null,
  identifier: string | null,
  options: { type?: RelationType; quote?: QuotePolicy; quoteChar?: string } = {},
): Relation {
  return {
    database,
    schema,
    identifier,
    type: options.type ?? null,
    quote: options.quote ?? { database: true, schema: true, identifier: true },
    quoteChar: options.quoteChar ?? '"',
  };
}

/** `"db"."schema"."name"`; parts that are null are left out. */
export function renderRelation(rel: Relation): string {
  const parts: string[] = [];
  if (rel.database !== null) parts.push(part(rel.database, rel.quote.database, rel.quoteChar));
  if (rel.schema !== null) parts.push(part(rel.schema, rel.quote.schema, rel.quoteChar));
  if (rel.identifier !== null) parts.push(part(rel.identifier, rel.quote.identifier, rel.quoteChar));
  return parts.join('.');
}

function part(name: string, quoted: boolean, char: string): string {
  return quoted ? char + name.replaceAll(char, char + char) + char : name;
}

/** Key under which relations are compared: engines of sq fold names without regard to case. */
export function relationKey(rel: {
  database: string | null;
  schema: string | null;
  identifier: string | null;
}): string {
  return `${rel.database ?? ''}\u0000${rel.schema ?? ''}\u0000${rel.identifier ?? ''}`.toLowerCase();
}

/** The same relation under another name or type. */
export function withIdentifier(rel: Relation, identifier: string, type: RelationType = rel.type): Relation {
  return { ...rel, identifier, type };
}
