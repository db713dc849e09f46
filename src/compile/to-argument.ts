import type { Dialect } from '../adapters/contract.ts';
import { ColumnObject } from '../context/column-object.ts';
import { RelationObject } from '../context/relation-object.ts';
import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';
import { Dict } from '../template/index.ts';

/** Plain relations and columns among a macro's arguments become api objects; other plain data template values. */
export function toArgument(value: unknown, dialect: Dialect): unknown {
  if (isRelation(value)) return new RelationObject(value);
  if (isColumn(value)) return new ColumnObject(value, dialect);
  if (Array.isArray(value)) return value.map((item) => toArgument(item, dialect));
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return new Dict(
      Object.entries(value).map(([key, item]) => [key, toArgument(item, dialect)] as [unknown, unknown]),
    );
  }
  return value;
}

function isRelation(value: unknown): value is Relation {
  return (
    typeof value === 'object' &&
    value !== null &&
    'identifier' in value &&
    'quoteChar' in value &&
    'quote' in value
  );
}

function isColumn(value: unknown): value is Column {
  return typeof value === 'object' && value !== null && 'dataType' in value && 'name' in value;
}
