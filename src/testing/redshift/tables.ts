/** CREATE TABLE, ALTER TABLE and materialised views with Redshift's attributes and limits. */

import { addPartition } from './external.ts';
import { refreshLateViews } from './late-binding.ts';
import { failure } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { syntaxError } from './sql/refusals.ts';
import { rewrite } from './sql/rewrite.ts';
import { type TableAttributes, tableAttributes } from './sql/table-attributes.ts';
import { quoteLiteral, type Statement, type Token, tokens } from './sql/tokens.ts';
import { nameBehind } from './statements.ts';

export async function createTable(session: ClientSession, statement: Statement): Promise<void> {
  const at = statement.find('TABLE') + 1;
  const named = statement.name(statement.is('IF NOT EXISTS', at) ? at + 3 : at);
  await refreshLateViews(session, statement);
  const { tokens: list, attributes } = tableAttributes(tokens(statement.sql));
  // a name that begins with # is of a temporary table
  const temporary = named.parts.at(-1)?.startsWith('#') && statement.is('CREATE TABLE');
  const sql = textTypes(rewrite(list, session)).replace(
    /^(\s*create\s+)(table)/i,
    temporary ? '$1temp $2' : '$1$2',
  );
  await createWith(session, { sql, name: nameBehind(session, named.parts), attributes });
}

/** In a column list TEXT is varchar(256), and DECIMAL without digits is (18,0). */
function textTypes(sql: string): string {
  return sql
    .replace(/((?:\(|,)\s*(?:"[^"]+"|\w+)\s+)text(?=[\s,)])/gi, '$1varchar(256)')
    .replace(
      /((?:\(|,)\s*(?:"[^"]+"|\w+)\s+)(?:decimal|numeric)(?=\s*(?:,|\)|not|null|default))/gi,
      '$1numeric(18,0)',
    );
}

export async function createMaterializedView(session: ClientSession, statement: Statement): Promise<void> {
  const named = statement.name(3);
  const { tokens: list, attributes } = tableAttributes(tokens(statement.sql));
  const auto = /\bauto\s+refresh\s+(yes|no)\b/i.exec(statement.sql)?.[1]?.toUpperCase() === 'YES';
  const sql = rewrite(list, session).replace(/\bauto\s+refresh\s+(yes|no)\b/i, '');
  for (const words of ['ORDER BY', 'LIMIT']) {
    const at = statement.find(words);
    if (at >= 0) throw failure('0A000', `Materialized views do not support ${words} clause`);
  }
  await createWith(session, {
    sql,
    name: nameBehind(session, named.parts),
    attributes: { ...attributes, sortAuto: auto },
  });
}

async function createWith(
  session: ClientSession,
  { sql, name, attributes }: { sql: string; name: string; attributes: TableAttributes },
): Promise<void> {
  const { distkey, sortkeys, constraints, encodings } = attributes;
  const said =
    attributes.diststyle !== undefined ||
    distkey !== undefined ||
    sortkeys.length > 0 ||
    attributes.sortAuto ||
    constraints.length > 0 ||
    Object.keys(encodings).length > 0 ||
    !attributes.backup;
  if (!said) return session.forward(sql);
  await session.atomic(async () => {
    await session.forward(sql);
    const { rows } = await session.ask(
      `select attname from pg_attribute where attrelid = to_regclass(${quoteLiteral(name)}) and attnum > 0`,
    );
    const columns = rows.map(([column]) => session.names.shown(column as string));
    for (const key of [distkey, ...sortkeys])
      if (key !== undefined && !columns.includes(key.toLowerCase()))
        throw failure('42703', `column "${key}" named in key does not exist`);
    await session.ask(
      `insert into sq_rs.attributes select to_regclass(${quoteLiteral(name)})::oid, ${optional(attributes.diststyle)}, ${optional(distkey)}, array[${sortkeys.map(quoteLiteral).join(', ')}]::text[], ${attributes.interleaved}, ${attributes.sortAuto}, ${quoteLiteral(JSON.stringify(encodings))}, ${attributes.backup}, array[${constraints.map(quoteLiteral).join(', ')}]::text[]
       on conflict (relation) do nothing`,
    );
  });
}

function optional(value: string | undefined): string {
  return value === undefined ? 'null' : quoteLiteral(value);
}

export async function alterTable(session: ClientSession, statement: Statement): Promise<void> {
  const { parts, end } = statement.name(2);
  const name = nameBehind(session, parts);
  if (statement.is('APPEND FROM', end)) return append(session, statement, { name, end });
  if (statement.is('ADD PARTITION', end) || statement.is('ADD IF', end))
    return addPartition(session, statement, parts);
  if (statement.is('ALTER COLUMN', end) && statement.is('TYPE', end + 3))
    return widen(session, statement, { name, end });
  if (statement.is('ALTER COLUMN', end) && statement.is('ENCODE', end + 3)) return attribute(session, name);
  if (statement.is('ALTER DISTKEY|DISTSTYLE|SORTKEY|COMPOUND|ENCODE', end))
    return alterKeys(session, statement, { name, end });
  if (statement.is('ADD CONSTRAINT|PRIMARY|UNIQUE|FOREIGN', end)) return attribute(session, name);
  if (statement.is('RENAME TO', end)) {
    await refuseMaterialized(session, name);
    await refreshLateViews(session, statement);
    if (session.world.lateViews.has(session.names.behind(parts.at(-1) as string)))
      session.world.lateViews.add(session.names.behind(statement.name(end + 2).parts[0] as string));
  }
  const list = tableAttributes(wrapped(tokens(statement.sql))).tokens.slice(1);
  await session.forward(
    textTypes(rewrite(list, session)).replace(
      /(add\s+(?:column\s+)?(?:"[^"]+"|\w+)\s+)text\b/i,
      '$1varchar(256)',
    ),
  );
}

/** So that `add column … encode zstd` is read as a column's. */
function wrapped(list: Token[]): Token[] {
  return [{ kind: 'space', text: '' }, ...list];
}

async function refuseMaterialized(session: ClientSession, name: string): Promise<void> {
  const { rows } = await session.ask(
    `select relkind from pg_class where oid = to_regclass(${quoteLiteral(name)})`,
  );
  if (rows[0]?.[0] === 'm') throw failure('0A000', 'RENAME is not supported on materialized views');
}

/** `alter column c type varchar(n)`: outside transactions, wider, and of VARCHAR only (DG r_ALTER_TABLE). */
async function widen(
  session: ClientSession,
  statement: Statement,
  { name, end }: { name: string; end: number },
): Promise<void> {
  if (session.backend.status !== 'I')
    throw failure('25001', 'ALTER TABLE ALTER COLUMN cannot run inside a transaction block');
  const column = session.names.behind(statement.name(end + 2).parts[0] as string);
  const { rows } = await session.ask(
    `select format_type(atttypid, atttypmod), atttypmod - 4 from pg_attribute where attrelid = ${quoteLiteral(name)}::regclass and attname = ${quoteLiteral(column)}`,
  );
  const [type, size] = rows[0] ?? [];
  if (type == null)
    throw failure('42703', `column "${column}" of relation "${name.replaceAll('"', '')}" does not exist`);
  const varying = statement.is('VARCHAR', end + 4) || statement.is('CHARACTER VARYING', end + 4);
  if (!type.startsWith('character varying') || !varying)
    throw failure(
      '0A000',
      `cannot alter column "${column}" of relation "${name.replaceAll('"', '')}", target column data type should be VARCHAR`,
    );
  const open = statement.find('(', end + 4);
  const wanted = open < 0 ? 256 : statement.is('MAX', open + 1) ? 65_535 : Number(statement.word(open + 1));
  if (wanted === Number(size))
    throw failure(
      '0A000',
      `cannot alter column "${column}" of relation "${name.replaceAll('"', '')}", target column size should be different`,
    );
  const { rows: longest } = await session.ask(
    `select coalesce(max(octet_length("${column}")), 0) from ${name}`,
  );
  if (Number(longest[0]?.[0]) > wanted)
    throw failure(
      'XX000',
      `cannot alter column "${column}", target column size is smaller than current maximum column size of ${longest[0]?.[0]}`,
    );
  // PostgreSQL refuses to touch a column that a view reads; Redshift does not
  await session.asAdmin(async () => {
    await session.ask(
      `update pg_attribute set atttypmod = ${wanted + 4} where attrelid = ${quoteLiteral(name)}::regclass and attname = ${quoteLiteral(column)}`,
    );
  });
  session.complete('ALTER TABLE');
}

async function append(
  session: ClientSession,
  statement: Statement,
  { name, end }: { name: string; end: number },
): Promise<void> {
  if (session.backend.status !== 'I')
    throw failure('25001', 'ALTER TABLE APPEND cannot run inside a transaction block');
  const source = nameBehind(session, statement.name(end + 2).parts);
  await session.atomic(async () => {
    const columns = async (table: string) =>
      (
        await session.ask(
          `select quote_ident(attname) from pg_attribute where attrelid = ${quoteLiteral(table)}::regclass and attnum > 0 and not attisdropped order by attnum`,
        )
      ).rows.map(([column]) => column as string);
    const [into, from] = [await columns(name), await columns(source)];
    const both = from.filter((column) => into.includes(column));
    const fill = statement.find('FILLTARGET') >= 0;
    const ignore = statement.find('IGNOREEXTRA') >= 0;
    if ((both.length < into.length && !fill) || (both.length < from.length && !ignore))
      throw failure('42804', 'Column(s) in the source and target tables do not match');
    await session.ask(`insert into ${name} (${both.join(', ')}) select ${both.join(', ')} from ${source}`);
    await session.ask(`delete from ${source}`);
  });
  session.complete('ALTER TABLE APPEND');
}

async function alterKeys(
  session: ClientSession,
  statement: Statement,
  { name, end }: { name: string; end: number },
): Promise<void> {
  const style = statement.is('DISTSTYLE', end + 1) ? statement.word(end + 2) : undefined;
  const key = statement.find('DISTKEY', end);
  const distkey =
    key < 0 ? undefined : statement.name(statement.is('(', key + 1) ? key + 2 : key + 1).parts[0];
  const sorted = statement.find('SORTKEY', end);
  if (key < 0 && sorted < 0 && style === undefined && !statement.is('ENCODE', end + 1))
    throw syntaxError(statement, end + 1);
  const sortkeys: string[] = [];
  if (sorted >= 0 && statement.is('(', sorted + 1))
    for (let at = sorted + 2; at < statement.closing(sorted + 1); at += 2)
      sortkeys.push(statement.name(at).parts[0] as string);
  const changes = [
    ...(distkey === undefined ? [] : [`diststyle = 'KEY', distkey = ${quoteLiteral(distkey)}`]),
    ...(style === undefined || distkey !== undefined ? [] : [`diststyle = '${style}', distkey = null`]),
    ...(sorted < 0 ? [] : [`sortkeys = array[${sortkeys.map(quoteLiteral).join(', ')}]::text[]`]),
  ];
  await session.atomic(async () => {
    await session.ask(
      `insert into sq_rs.attributes values (${quoteLiteral(name)}::regclass, null, null, '{}', false, false, '{}', true, '{}') on conflict do nothing`,
    );
    if (changes.length > 0)
      await session.ask(
        `update sq_rs.attributes set ${changes.join(', ')} where relation = ${quoteLiteral(name)}::regclass`,
      );
  });
  session.complete('ALTER TABLE');
}

/** Words that change nothing here, on a table that must be there. */
async function attribute(session: ClientSession, name: string): Promise<void> {
  await session.ask(`select ${quoteLiteral(name)}::regclass`);
  session.complete('ALTER TABLE');
}
