/** Makes an empty database look like one of Redshift: its functions and system views. */
import pg from 'pg';
import { quoteLiteral } from '../sql/tokens.ts';
import { FUNCTIONS } from './functions.ts';
import { SYSTEM_TABLES, SYSTEM_VIEWS } from './system-views.ts';

/** The connection that installed it is kept, for what must be written outside the clients' transactions. */
export async function installCatalog(url: string, database: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: url });
  // the database may be dropped under it
  admin.on('error', () => {});
  await admin.connect();
  await admin.query(`set allow_system_table_mods = on;
    create schema sq_rs;
    grant usage on schema sq_rs to public;
    create function sq_rs.database() returns text language sql immutable as $$ select ${quoteLiteral(database)}::text $$;
    ${SYSTEM_TABLES}
    ${FUNCTIONS}
    ${SYSTEM_VIEWS}
    grant select, insert, update, delete on all tables in schema sq_rs to public;
    grant create on schema public to public;
    do $$ begin execute format('alter database %I set timezone = ''UTC''', current_database()); end $$;`);
  return admin;
}
