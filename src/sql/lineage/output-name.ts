/** What a column of a SELECT is called. */
import { type ColumnNode, type Identifier, inside, type Node, unwrapped } from '../ast.ts';

/** `given`: the author says so; otherwise it is what PostgreSQL and Redshift make of the expression. */
export function outputName(item: Node, dialect: string): { text: string; given: boolean } {
  const alias = inside<{ this: Node; alias: Identifier }>(item, 'alias');
  if (alias?.alias !== undefined) return { text: alias.alias.name, given: true };
  const node = unwrapped(item);
  const column = inside<ColumnNode>(node, 'column');
  if (column !== undefined) return { text: column.name.name, given: true };
  const dot = inside<{ field: Identifier }>(node, 'dot');
  if (dot !== undefined) return { text: dot.field.name, given: true };
  const identifier = inside<Identifier>(node, 'identifier');
  if (identifier !== undefined) return { text: identifier.name, given: true };
  return { text: made(node, dialect), given: false };
}

function made(node: Node, dialect: string): string {
  const cast = inside<{ this: Node }>(node, 'cast');
  if (cast !== undefined) {
    const inner = outputName(cast.this, dialect);
    return inner.text === UNNAMED ? 'cast' : inner.text;
  }
  const call = inside<{ name?: unknown }>(node, Object.keys(node)[0] ?? '');
  if (typeof call?.name === 'string') return call.name.toLowerCase();
  const window = inside<{ this: Node }>(node, 'window_function');
  if (window !== undefined) return made(window.this, dialect);
  const type = Object.keys(node)[0] ?? '';
  if (type === 'literal' || OPERATORS.test(type)) return UNNAMED;
  return type;
}

const UNNAMED = '?column?';
const OPERATORS =
  /^(add|sub|mul|div|mod|eq|neq|lt|lte|gt|gte|and|or|not|like|i_like|in|is|is_null|between|concat|dpipe|neg|subquery|null|boolean)$/;
