/** The answers to the dialect's questions, by SHOW and DESCRIBE. */
import type { QueryResult, Value, ValueKind } from '../contract.ts';
import { readEngineError } from './engine-error.ts';
import type { Question } from './questions.ts';

type Ask = (sql: string) => Promise<QueryResult>;

const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;

export async function answerOf(question: Question, ask: Ask): Promise<QueryResult> {
  switch (question.ask) {
    case 'schemas':
      return table(
        ['schema'],
        (await schemas(question.database, ask)).map((name) => [name]),
      );
    case 'columns':
      return table(
        ['name', 'type'],
        (await describe(question.name, ask)).map(([name, type]) => [name, type]),
      );
    case 'relations': {
      const known = await schemas(question.database, ask);
      const rows: Value[][] = [];
      for (const schema of question.schemas.map((asked) => spelled(asked, known)))
        rows.push(...(await relations(question.database, schema, ask)));
      return table(['database', 'schema', 'name', 'type'], rows);
    }
    case 'catalog':
      return catalog(question, ask);
  }
}

async function schemas(database: string | null, ask: Ask): Promise<string[]> {
  const { rows } = await ask(`show schemas${database === null ? '' : ` in ${quote(database)}`}`);
  return rows.map(([name]) => String(name));
}

/** As the catalog spells it: some fold the case of names, others tell names apart by it. */
function spelled(asked: string, known: readonly string[]): string {
  if (known.includes(asked)) return asked;
  return known.find((name) => name.toLowerCase() === asked.toLowerCase()) ?? asked;
}

/** Views are among the tables of SHOW TABLES where the catalog is the session's own. */
async function relations(database: string | null, schema: string, ask: Ask): Promise<Value[][]> {
  const place = `${database === null ? '' : `${quote(database)}.`}${quote(schema)}`;
  const lasting = async (sql: string, temporary: number) => {
    try {
      const { rows } = await ask(sql);
      return rows.filter((row) => row[temporary] !== true).map((row) => String(row[1]));
    } catch (error) {
      const { missing, code } = readEngineError(error);
      // a catalog without views says so
      if (
        missing === true ||
        /^(42704|0A000|46110)$/.test(code ?? '') ||
        /does not support views/i.test(String(error))
      )
        return [];
      throw error;
    }
  };
  const views = new Set(await lasting(`show views in ${place}`, 2));
  const names = new Set([...(await lasting(`show tables in ${place}`, 2)), ...views]);
  return [...names].sort().map((name) => [database, schema, name, views.has(name) ? 'view' : 'table']);
}

/** Name, type and comment of each column; partition columns are repeated below a heading. */
async function describe(name: string, ask: Ask): Promise<[string, string, Value][]> {
  const { rows } = await ask(`describe table ${name}`);
  const end = rows.findIndex(([column]) => column === '' || String(column).startsWith('#'));
  return (end < 0 ? rows : rows.slice(0, end)).map(([column, type, comment]) => [
    String(column),
    String(type),
    comment === '' ? null : (comment ?? null),
  ]);
}

async function catalog(
  { database, schema, names }: Question & { ask: 'catalog' },
  ask: Ask,
): Promise<QueryResult> {
  const wanted = names?.map((name) => name.toLowerCase());
  const place = spelled(schema, await schemas(database, ask));
  const rows: Value[][] = [];
  for (const [, , name, type] of await relations(database, place, ask)) {
    if (wanted !== undefined && !wanted.includes(String(name).toLowerCase())) continue;
    const relation = [database, place, String(name)]
      .filter((one) => one !== null)
      .map(quote)
      .join('.');
    const facts = await tableComment(relation, ask);
    const kind = type === 'view' ? 'VIEW' : 'BASE TABLE';
    for (const [i, [column, columnType, comment]] of (await describe(relation, ask)).entries())
      rows.push([
        database,
        place,
        name ?? null,
        kind,
        facts,
        null,
        null,
        null,
        column,
        i + 1,
        columnType,
        comment,
      ]);
  }
  return table(
    [
      'database',
      'schema',
      'name',
      'type',
      'comment',
      'owner',
      'rows',
      'bytes',
      'column',
      'place',
      'column_type',
      'column_comment',
    ],
    rows,
  );
}

async function tableComment(place: string, ask: Ask): Promise<Value> {
  const { rows } = await ask(`describe table extended ${place}`);
  const from = rows.findIndex(
    ([name]) => String(name).startsWith('# Detailed') || String(name).startsWith('# Metadata'),
  );
  const found = rows.slice(Math.max(from, 0)).find(([name]) => name === 'Comment');
  return found?.[1] === undefined || found[1] === '' ? null : (found[1] as Value);
}

function table(names: readonly string[], rows: Value[][]): QueryResult {
  return { columns: names.map((name) => ({ name, type: 'string', kind: 'text' as ValueKind })), rows };
}
