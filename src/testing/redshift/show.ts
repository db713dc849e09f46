/** SHOW TABLES, COLUMNS, SCHEMAS, DATABASES and GRANTS (DG r_SHOW_TABLES and its kin). */
import type { ClientSession } from './protocol/session.ts';
import { syntaxError } from './sql/refusals.ts';
import { quoteLiteral, type Statement } from './sql/tokens.ts';

export async function showRelations(session: ClientSession, statement: Statement): Promise<void> {
  const from = statement.find('FROM|ON');
  const what = statement.word(1);
  const like = statement.find('LIKE');
  const pattern = like < 0 ? '' : (statement.list[like + 1]?.text ?? '');
  const named = (words: string) => {
    const at = statement.find(words);
    if (at < 0) throw syntaxError(statement, statement.list.length);
    const { parts } = statement.name(at + words.split(' ').length);
    return parts.at(0) === session.database && parts.length > (what === 'TABLES' ? 1 : 2)
      ? parts.slice(1)
      : parts;
  };
  const matching = (column: string) => (pattern === '' ? '' : ` and ${column} like ${pattern}`);
  if (what === 'DATABASES')
    return session.forward(`select ${quoteLiteral(session.database)} as database_name`);
  if (what === 'SCHEMAS')
    return session.forward(
      `select database_name, schema_name, schema_owner, schema_type from svv_redshift_schemas where true${matching('schema_name')} order by 2`,
    );
  if (what === 'TABLES') {
    const [schema = ''] = named('FROM SCHEMA');
    return session.forward(
      `select database_name, schema_name, table_name, table_type, table_acl, remarks from svv_redshift_tables where schema_name = ${quoteLiteral(schema)}${matching('table_name')} order by 3`,
    );
  }
  if (what === 'COLUMNS') {
    const [schema = '', table = ''] = named('FROM TABLE');
    return session.forward(
      `select table_catalog as database_name, table_schema as schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
       from svv_columns where table_schema = ${quoteLiteral(schema)} and table_name = ${quoteLiteral(table)}${matching('column_name')} order by 5`,
    );
  }
  if (from < 0) throw syntaxError(statement, 2);
  const [schema = '', table = ''] = named('ON TABLE');
  return session.forward(
    `select ${quoteLiteral(session.database)} as database_name, namespace_name as schema_name, relation_name as object_name, 'TABLE' as object_type, privilege_type, identity_id, identity_name, identity_type, admin_option, 'TABLES' as privilege_scope
     from svv_relation_privileges where namespace_name = ${quoteLiteral(schema)} and relation_name = ${quoteLiteral(table)} order by 7, 5`,
  );
}
