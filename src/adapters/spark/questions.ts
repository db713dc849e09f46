/**
 * Spark has no information_schema: what there is, SHOW and DESCRIBE tell, a table at a time. The dialect asks in lines
 * of its own, which the session answers by such statements.
 */
export type Question =
  | { ask: 'relations'; database: string | null; schemas: readonly string[] }
  | { ask: 'schemas'; database: string | null }
  /** `name`: rendered. */
  | { ask: 'columns'; name: string }
  | { ask: 'catalog'; database: string | null; schema: string; names: readonly string[] | null };

const MARK = '-- sq asks: ';

export function questionSql(question: Question): string {
  return MARK + JSON.stringify(question);
}

export function questionOf(sql: string): Question | undefined {
  return sql.startsWith(MARK) ? (JSON.parse(sql.slice(MARK.length)) as Question) : undefined;
}
