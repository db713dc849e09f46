/** Column lineage of a parsed query. */
import { inside, type Node } from '../ast.ts';
import type { LineageQuery, Origin, QueryColumn, QueryLineage } from '../contract.ts';
import { Ctes } from './ctes.ts';
import { type Field, IN_EXPRESSION, type Leaf, NULLABLE, REPEATED } from './origins.ts';
import { rowsOfQuery } from './query.ts';
import { LineageSession } from './session.ts';

/** `placeOf` tells where an item of a SELECT stands, if that is known. */
export function lineageOf(
  statement: Node,
  query: Omit<LineageQuery, 'sql'>,
  placeOf: (item: unknown) => QueryColumn['expression'] = () => undefined,
): QueryLineage {
  const session = new LineageSession(query);
  const { fields, filters, rest } = rowsOfQuery(bodyOf(statement), Ctes.none(session));
  const inValues = new Set<Leaf>(fields.flatMap((field) => [...field.origins.keys()]));
  return {
    columns: fields.map((field) => columnOf(field, placeOf)),
    filters: [...filters]
      .filter((leaf) => !inValues.has(leaf))
      .map(({ relation, column }) => ({ relation, column })),
    complete: rest === undefined,
    unresolved: [...session.unresolved],
  };
}

/** The query of `create table … as` and the like. */
function bodyOf(statement: Node): Node {
  const created =
    inside<{ as_select?: Node | null }>(statement, 'create_table') ??
    inside<{ as_select?: Node | null }>(statement, 'create_view');
  return created?.as_select ?? statement;
}

function columnOf(field: Field, placeOf: (item: unknown) => QueryColumn['expression']): QueryColumn {
  const expression = field.node === undefined ? undefined : placeOf(field.node);
  const origins = [...field.origins].map(([{ relation, column }, bits]): Origin => {
    const same = column.toLowerCase() === field.name.toLowerCase();
    return {
      relation,
      column,
      kind: bits & IN_EXPRESSION ? 'transformed' : same ? 'copied' : 'renamed',
      ...(bits & NULLABLE ? { nullable: true } : {}),
      ...(bits & REPEATED ? { repeated: true } : {}),
    };
  });
  return {
    name: field.name,
    origins,
    ...(field.unnamed ? { unnamed: true } : {}),
    ...(isCast(field.node) ? { cast: true } : {}),
    ...(expression ? { expression } : {}),
  };
}

function isCast(item: unknown): boolean {
  const node = inside<{ this: Node }>(item, 'alias')?.this ?? item;
  return inside(node, 'cast') !== undefined || inside(node, 'try_cast') !== undefined;
}
