/**
 * Late-binding views. The query stands in a function, whose text PostgreSQL reads only when it runs; the view reads
 * the function. So what the query names may be dropped and made again. Before a statement that names such a view,
 * its columns are compared with what the query gives by now.
 */
import { randomBytes } from 'node:crypto';
import { failure, RedshiftError } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { isBlank, quoteLiteral, type Statement, text, tokens } from './sql/tokens.ts';
import { nameBehind } from './statements.ts';

/** Columns of a query, as `"name" type`. */
type Shape = string[];

export function isLateView(statement: Statement): boolean {
  return statement.find('WITH NO SCHEMA BINDING') >= 0;
}

export async function createLateView(session: ClientSession, statement: Statement): Promise<void> {
  const named = statement.name(statement.is('CREATE OR REPLACE') ? 4 : 2);
  const columns = statement.is('(', named.end) ? columnNames(statement, named.end) : [];
  const start = statement.is('(', named.end) ? statement.closing(named.end) + 1 : named.end;
  const body = session.translate(between(statement, start + 1, statement.find('WITH NO SCHEMA BINDING')));
  const view = nameBehind(session, named.parts);
  const replace = statement.is('CREATE OR REPLACE');
  await session.atomic(async () => {
    const shape = await shapeOf(session, body, true);
    await make(session, { view, body, shape, columns, replace });
  });
  session.world.lateViews.add(session.names.behind(named.parts.at(-1) as string));
  session.complete('CREATE VIEW');
}

/** Gives each late-binding view that the statement names the columns its query has now. */
export async function refreshLateViews(session: ClientSession, statement: Statement): Promise<void> {
  const { lateViews } = session.world;
  if (lateViews.size === 0) return;
  const words = statement.list.map((token) => token.text.replaceAll('"', '').toLowerCase());
  const renamed = statement.find('RENAME TO');
  if (renamed >= 0) lateViews.add(words[renamed + 2] as string);
  const mentioned = words.map((word) => session.names.behind(word)).filter((word) => lateViews.has(word));
  if (mentioned.length === 0 || !statement.is('SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|MERGE|(')) return;
  await session.atomic(async () => {
    const { rows } = await session.ask(
      `select l.view::regclass::text, l.body, l.signature, c.relacl::text from sq_rs.late_views l join pg_class c on c.oid = l.view
       where c.relname in (${mentioned.map(quoteLiteral).join(', ')}) order by c.oid`,
    );
    for (const [view, body, signature, grants] of rows as [string, string, string, string | null][]) {
      const shape = await shapeOf(session, body);
      if (shape === undefined || JSON.stringify(shape) === signature) continue;
      await session.asAdmin(async () => {
        await session.ask(`drop view ${view}`);
        await make(session, { view, body, shape, columns: [], replace: false });
        if (grants !== null)
          await session.ask(
            `update pg_class set relacl = ${quoteLiteral(grants)}::aclitem[] where oid = '${view}'::regclass`,
          );
      });
    }
  });
}

function columnNames(statement: Statement, open: number): string[] {
  const names: string[] = [];
  for (let at = open + 1; at < statement.closing(open); at += 2)
    names.push(statement.name(at).parts[0] as string);
  return names;
}

/** The text between two places of the statement. */
function between(statement: Statement, from: number, to: number): string {
  const all = tokens(statement.sql);
  const places = all.flatMap((token, at) => (isBlank(token) ? [] : [at]));
  return text(all.slice(places[from], places[to])).trim();
}

/**
 * The columns a query gives; undefined when something it names is not there, which is no error of a late-binding
 * view before it is read. With `qualified`, names without a schema are.
 */
async function shapeOf(session: ClientSession, body: string, qualified = false): Promise<Shape | undefined> {
  const describe = async (path?: string) => {
    await session.ask('savepoint sq_rs_shape');
    if (path !== undefined) await session.ask(`set local search_path = ${path}`);
    const answer = await session.backend.ask(`select * from (${body}\n) as described limit 0`);
    await session.ask('rollback to sq_rs_shape');
    return answer;
  };
  const answer = await describe(qualified ? 'pg_catalog' : undefined);
  if (answer.error !== undefined) {
    if (!/^(42P01|3F000|42703)$/.test(answer.error.code)) throw new RedshiftError(answer.error);
    if (qualified && answer.error.code === '42P01' && (await describe()).error === undefined)
      throw failure(
        '42601',
        'All the relation names inside should be qualified when creating views with no schema binding.',
      );
    return undefined;
  }
  if (answer.fields.length === 0) return [];
  const types = answer.fields.map(({ typeOid, modifier }) =>
    typeOid === 3802 ? `'super'` : `format_type(${typeOid}, ${modifier})`,
  );
  const { rows } = await session.ask(`select ${types.join(', ')}`);
  return answer.fields.map(({ name }, at) => `"${name}" ${rows[0]?.[at]}`);
}

async function make(
  session: ClientSession,
  wanted: { view: string; body: string; shape: Shape | undefined; columns: string[]; replace: boolean },
): Promise<void> {
  const { view, body, shape, columns, replace } = wanted;
  const name = `sq_rs.late_${randomBytes(6).toString('hex')}`;
  const tag = `$late_${name.slice(-6)}$`;
  const own = shape?.map((column, at) =>
    columns[at] === undefined ? column : column.replace(/^"[^"]*"/, `"${columns[at]}"`),
  );
  const { rows } = await session.ask('select current_user');
  await session.asAdmin(async () => {
    if (own === undefined)
      await session.ask(
        `create function ${name}() returns table (unknown text) language sql as ${tag} ${body} ${tag}`,
      );
    else
      await session.ask(
        `create function ${name}() returns table (${own.join(', ')}) language sql stable security definer as ${tag} ${body} ${tag}`,
      );
    await session.ask(`alter function ${name}() owner to "${rows[0]?.[0]}"`);
  });
  // a function's columns lose the lengths of their types
  const listed = own?.map((column) => column.replace(/^("[^"]*") (.*)$/, '$1::$2 as $1')).join(', ');
  await session.ask(
    `create ${replace ? 'or replace ' : ''}view ${view} as select ${listed || '*'} from ${name}()`,
  );
  await session.ask(
    `insert into sq_rs.late_views values (${quoteLiteral(view)}::regclass, ${quoteLiteral(body)}, ${quoteLiteral(JSON.stringify(shape ?? null))}, '${name}')
     on conflict (view) do update set body = excluded.body, signature = excluded.signature, function = excluded.function`,
  );
}
