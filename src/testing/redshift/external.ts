/** External schemas, tables and partitions: kept as words. The tables stand empty; nothing reads the objects. */
import { failure } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { isBlank, literalValue, quoteLiteral, type Statement, text, tokens } from './sql/tokens.ts';
import { nameBehind } from './statements.ts';

function value(statement: Statement, after: string): string {
  const at = statement.find(after);
  const token = at < 0 ? undefined : statement.list[at + after.split(' ').length];
  return token === undefined ? '' : token.kind === 'string' ? literalValue(token) : token.text;
}

export async function externalSchema(session: ClientSession, statement: Statement): Promise<void> {
  const at = statement.is('IF NOT EXISTS', 3) ? 6 : 3;
  const { parts, end } = statement.name(at);
  if (!statement.is('FROM', end))
    throw failure('42601', `syntax error at or near "${statement.list[end]?.text ?? ''}"`);
  const name = parts[0] as string;
  await session.atomic(async () => {
    await session.ask(`create schema ${at === 6 ? 'if not exists ' : ''}${nameBehind(session, parts)}`);
    await session.ask(
      `insert into sq_rs.external_schemas values (${[name, value(statement, 'DATABASE'), value(statement, 'IAM_ROLE')].map(quoteLiteral).join(', ')}) on conflict do nothing`,
    );
  });
  session.complete('CREATE EXTERNAL SCHEMA');
}

export async function externalTable(session: ClientSession, statement: Statement): Promise<void> {
  if (session.backend.status !== 'I')
    throw failure('25001', 'CREATE EXTERNAL TABLE cannot run inside a transaction block');
  const { parts, end } = statement.name(3);
  const own = parts.length === 3 ? parts.slice(1) : parts;
  const { rows } = await session.ask(
    `select 1 from sq_rs.external_schemas where name = ${quoteLiteral(own.length === 2 ? (own[0] as string) : '')}`,
  );
  if (rows.length === 0) throw failure('0A000', 'External tables can only be created in external schemas');
  const partitioned = statement.find('PARTITIONED BY', end);
  const columns = inner(session, statement, end);
  const keys = partitioned < 0 ? '' : inner(session, statement, partitioned + 2);
  const all = keys === '' ? columns : `${columns}, ${keys}`;
  const keyNames = keys
    .split(',')
    .map((key) => key.trim().split(/\s/)[0] ?? '')
    .filter((key) => key !== '');
  await session.atomic(async () => {
    await session.ask(`create table ${nameBehind(session, own)} (${all})`);
    await session.ask(
      `insert into sq_rs.external_tables values (${[...own, value(statement, 'LOCATION'), value(statement, 'STORED AS')].map(quoteLiteral).join(', ')}, array[${keyNames.map(quoteLiteral).join(', ')}]::text[])`,
    );
  });
  session.complete('CREATE EXTERNAL TABLE');
}

function inner(session: ClientSession, statement: Statement, open: number): string {
  const all = tokens(statement.sql);
  const places = all.flatMap((token, at) => (isBlank(token) ? [] : [at]));
  return session.translate(text(all.slice((places[open] ?? 0) + 1, places[statement.closing(open)])));
}

/** `alter table s.t add [if not exists] partition (k = 'v') location 's3://…' …`, at most 100 a statement. */
export async function addPartition(
  session: ClientSession,
  statement: Statement,
  parts: readonly string[],
): Promise<void> {
  if (session.backend.status !== 'I')
    throw failure('25001', 'ALTER EXTERNAL TABLE cannot run inside a transaction block');
  const own = parts.length === 3 ? parts.slice(1) : parts;
  const found: [values: string, location: string][] = [];
  for (let at = statement.find('('); at >= 0; at = statement.find('(', at + 1)) {
    const end = statement.closing(at);
    const values = text(statement.list.slice(at + 1, end));
    const location = statement.list[end + 2];
    found.push([values, location === undefined ? '' : literalValue(location)]);
  }
  if (found.length > 100)
    throw failure('54000', 'at most 100 partitions can be added with one ALTER TABLE statement');
  for (const [values, location] of found)
    await session.ask(
      `insert into sq_rs.external_partitions values (${[...own, values, location].map(quoteLiteral).join(', ')})${statement.find('IF NOT EXISTS') >= 0 ? ' on conflict do nothing' : ''}`,
    );
  session.complete('ALTER TABLE');
}
