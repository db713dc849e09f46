/** SQL with values in the places that `get_binding_char()` marks. */
import { toText } from '../template/index.ts';

/**
 * Each place, `%s` or `?` outside of quotes, becomes the next value as a literal. More places than values stay as they
 * are.
 */
export function withBindings(sql: string, values: readonly unknown[]): string {
  let next = 0;
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|%s|\?/g, (found) =>
    (found === '%s' || found === '?') && next < values.length ? literal(values[next++]) : found,
  );
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return `'${toText(value).replaceAll("'", "''")}'`;
}
