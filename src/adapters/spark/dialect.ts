/** How Spark's SQL is spelled (4.0 and later). */
import { renderRelation } from '../../manifest/relation.ts';
import type { Dialect } from '../contract.ts';
import { isReadOnlySql } from '../shared/is-read-only.ts';
import { literalRows } from '../shared/literal-rows.ts';
import { readEngineError } from './engine-error.ts';
import { classifySpark } from './failures.ts';
import { questionSql } from './questions.ts';
import { describeType, translateType } from './types.ts';

const READERS = new Set(['SELECT', 'FROM', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN']);

const quote = (identifier: string) => `\`${identifier.replaceAll('`', '``')}\``;
/** Backslashes are escapes in Spark's strings. */
const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export const sparkDialect: Dialect = {
  type: 'spark',
  dispatch: ['spark'],
  capabilities: {
    transactionalDdl: false,
    interactiveTransactions: false,
    // of tables where the format has it; see the macro get_replace_table_sql
    atomicReplace: true,
    concurrentWriters: true,
    unload: true,
    unloadsToDisk: true,
  },
  incrementalStrategies: ['append', 'insert_overwrite', 'merge', 'delete+insert', 'microbatch'],
  quoteChar: '`',
  maxIdentifierBytes: 128,
  quote,
  literal,
  listRelationsSql: (database, schemas) => questionSql({ ask: 'relations', database, schemas }),
  listSchemasSql: (database) => questionSql({ ask: 'schemas', database }),
  columnsSql: (relation) => questionSql({ ask: 'columns', name: renderRelation(relation) }),
  catalogSql: (database, schema, names) =>
    questionSql({ ask: 'catalog', database, schema, names: names ?? null }),
  isReadOnly: (sql) => isReadOnlySql(sql, READERS),
  translateType,
  describeType,
  readError: readEngineError,
  literalRowsSql: (columns, rows) =>
    literalRows(
      { quote, literal },
      columns.map(({ name, dataType }) => ({ name, dataType: translateType(dataType) })),
      rows,
    ),
  // a statement is planned whole: of thousands of rows that takes longer than to write them
  literalLimits: { cells: 20_000, bytes: 2_000_000 },
  classify: classifySpark,
};
