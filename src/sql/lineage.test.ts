/** The queries of fixtures/queries.sql: answers by hand against answers by the code. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createSqlEngine, isFailure, type KnownRelation, type Origin, type QueryLineage } from './index.ts';

const RELATIONS: KnownRelation[] = Object.entries({
  orders: 'id customer_id status amount tax ordered_at shipped_at',
  customers: 'id name email country referrer_id',
  events: 'event_id user_id ts kind payload tags items',
  quarters: 'region q1 q2 q3',
  sales: 'region product month amount',
  employees: 'id manager_id name salary dept',
}).map(([name, columns]) => ({ name: ['shop', 'public', name], columns: columns.split(' ') }));

/** Queries whose answer is known to be wrong, and why (docs/lineage.md). */
const MISSES: Readonly<Record<string, string>> = {};

interface Fixture {
  title: string;
  dialect: string;
  sql: string;
  expected: string[];
}

function fixtures(): Fixture[] {
  const text = ['queries.sql', 'queries-2.sql']
    .map((file) => readFileSync(new URL(`./fixtures/${file}`, import.meta.url), 'utf8'))
    .join('\n');
  return text
    .split(/^-- # /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.trimEnd().split('\n');
      const [, title = '', dialect = ''] = /^(.*) \((\w+)\)$/.exec(head) ?? [];
      const sql = lines.filter((line) => !line.startsWith('-->')).join('\n');
      const expected = lines.filter((line) => line.startsWith('-->')).map((line) => line.slice(4));
      return { title, dialect, sql, expected: expected.map(normal) };
    });
}

/** `name: kind a b kind c` with its sources in alphabetical order, each with its kind. */
function normal(line: string): string {
  const [name = '', sources = ''] = line.split(/:\s*/);
  if (name === 'filter') return `filter: ${sources.trim().split(/\s+/).sort().join(' ')}`;
  let kind = '';
  const pairs: string[] = [];
  for (const word of sources.trim().split(/\s+/)) {
    if (word === '') continue;
    if (/^(copied|renamed|transformed)$/.test(word)) kind = word;
    else pairs.push(`${kind} ${word}`);
  }
  return `${name.toLowerCase()}: ${pairs.sort().join(', ')}`;
}

function shown({ columns, filters }: QueryLineage): string[] {
  const source = ({ relation, column }: { relation: number; column: string }) =>
    `${RELATIONS[relation]!.name.at(-1)}.${column}`;
  const origin = (one: Origin) => `${one.kind} ${source(one)}`;
  const lines = columns.map(
    ({ name, origins }) => `${name.toLowerCase()}: ${origins.map(origin).sort().join(', ')}`,
  );
  if (filters.length > 0) lines.push(`filter: ${filters.map(source).sort().join(' ')}`);
  return lines;
}

const engine = createSqlEngine({ timeLimit: 30_000 });
afterAll(() => engine.close());

describe('lineage as written by hand', () => {
  const all = fixtures();

  it('is at least 60 queries, of which at most one in twenty is wrong', () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(Object.keys(MISSES).length / all.length).toBeLessThanOrEqual(0.05);
    expect(Object.keys(MISSES).filter((title) => all.every((one) => one.title !== title))).toEqual([]);
  });

  it.each(all.filter(({ title }) => !(title in MISSES)))(
    '$title ($dialect)',
    async ({ sql, dialect, expected }) => {
      const answer = await engine.lineage({ sql, dialect, relations: RELATIONS });
      if (isFailure(answer)) expect.fail(answer.failure);
      expect(shown(answer)).toEqual(expected);
      expect(answer.unresolved).toEqual([]);
      expect(answer.complete).toBe(true);
    },
  );
});

it.each([
  [
    'select id, sum(a + 1) over (partition by b) as s, "q"."z" from t q',
    ['id', 'sum(a + 1) over (partition by b) as s', '"q"."z"'],
  ],
  [
    'with f as (select distinct coalesce(a, (b)) as x, case when c then 1 end y from t where d) select * from f',
    ['coalesce(a, (b)) as x', 'case when c then 1 end y'],
  ],
  [
    "select '😀' as e, count(*) as n, [a, b] as l -- all\nfrom t",
    ["'😀' as e", 'count(*) as n', '[a, b] as l'],
  ],
  [`select f('(', a) as x, 'from' || "from" as y from t`, ["f('(', a) as x", `'from' || "from" as y`]],
  ['select a, b from t union all select c, d from u', ['a', 'b']],
])('places of expressions: %s', async (sql, places) => {
  const answer = await engine.lineage({ sql, dialect: 'duckdb', relations: [], places: true });
  expect(
    isFailure(answer)
      ? []
      : answer.columns.map(({ expression }) => expression && sql.slice(expression.start, expression.end)),
  ).toEqual(places);
});
