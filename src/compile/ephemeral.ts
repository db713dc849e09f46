/**
 * Ephemeral parents become common table expressions in front of the query that reads them. A query that has
 * a `with` of its own gets them in front of its first one.
 */

export interface Cte {
  /** Unique id of the ephemeral node. */
  id: string;
  /** ` __dbt__cte__name as (...)`, as dbt writes it. */
  sql: string;
}

export function cteName(name: string): string {
  return `__dbt__cte__${name}`;
}

export function cteOf(id: string, name: string, sql: string): Cte {
  return { id, sql: ` ${cteName(name)} as (\n${sql}\n)` };
}

/** The body with the CTEs in front; `prefix` is how many characters were put before the body's own text. */
export function injectCtes(body: string, ctes: readonly Cte[]): string {
  if (ctes.length === 0) return body;
  const list = ctes.map((cte) => cte.sql).join(', ');
  const start = firstToken(body);
  const own = /^with(\s+recursive)?\b/i.exec(body.slice(start));
  if (!own) {
    // in front of comments too, as in dbt
    const text = body.trimStart();
    return `${body.slice(0, body.length - text.length)}with${list} ${text}`;
  }
  const end = start + own[0].length;
  return `${body.slice(0, end)}${list}, ${body.slice(end).trimStart()}`;
}

/** Offset of the first character that is neither blank nor comment. */
export function firstToken(sql: string): number {
  let i = 0;
  for (;;) {
    while (i < sql.length && /\s/.test(sql[i]!)) i += 1;
    if (sql.startsWith('--', i)) {
      const end = sql.indexOf('\n', i);
      if (end === -1) return sql.length;
      i = end + 1;
    } else if (sql.startsWith('/*', i)) {
      const end = sql.indexOf('*/', i + 2);
      if (end === -1) return sql.length;
      i = end + 2;
    } else return i;
  }
}
