/** How Redshift's SQL is spelled. */
import type { Column } from '../../manifest/column.ts';
import type { Dialect } from '../contract.ts';
import { isReadOnlySql } from '../shared/is-read-only.ts';
import { columnsSql, listRelationsSql, listSchemasSql } from './dialect-catalog.ts';
import { catalogSql, tableSizesSql } from './dialect-docs.ts';
import { literal } from './dialect-literal.ts';
import { readEngineError } from './engine-error.ts';
import { classifyRedshift, redshiftCommitOutcome } from './failures.ts';
import { redshiftRunGuard } from './run-guard.ts';
import { describeType, translateType } from './types.ts';

const READERS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'EXPLAIN']);

export const redshiftDialect: Dialect = {
  type: 'redshift',
  dispatch: ['redshift', 'postgres'],
  capabilities: {
    transactionalDdl: true,
    interactiveTransactions: true,
    // CREATE OR REPLACE VIEW refuses other columns, and there is no CREATE OR REPLACE TABLE
    atomicReplace: false,
    concurrentWriters: true,
    constraints: {
      not_null: 'enforced',
      unique: 'not enforced',
      primary_key: 'not enforced',
      foreign_key: 'not enforced',
    },
    unload: true,
    grants: true,
    widensTextsOutsideTransactions: true,
    mergeKeepsDuplicates: true,
    materializedViews: true,
  },
  quoteChar: '"',
  maxIdentifierBytes: 127,
  cutsLongNames: true,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  literal,
  listRelationsSql,
  listSchemasSql,
  columnsSql,
  catalogSql,
  tableSizesSql,
  isReadOnly: (sql) => isReadOnlySql(sql, READERS),
  translateType,
  describeType,
  readError: readEngineError,
  literalRowsSql,
  // a UNION ALL of many SELECTs takes the planner long, and the Data API takes 100 KB a statement
  literalLimits: { cells: 4_000, bytes: 60_000 },
  classify: classifyRedshift,
  commitOutcome: redshiftCommitOutcome,
  runGuard: redshiftRunGuard,
};

/**
 * Redshift has no VALUES that stands for a table, and columns of untyped literals keep no type through a
 * UNION: every cell is cast where it stands.
 */
function literalRowsSql(columns: readonly Column[], rows: readonly (readonly (string | null)[])[]): string {
  const select = (row: readonly (string | null)[], named: boolean) => {
    const cells = columns.map((column, i) => {
      const cell = row[i] ?? null;
      const cast = `cast(${cell === null ? 'null' : literal(cell)} as ${wholeText(column.dataType)})`;
      return named ? `${cast} as ${redshiftDialect.quote(column.name)}` : cast;
    });
    return `select ${cells.join(', ')}`;
  };
  return rows.map((row, i) => select(row, i === 0)).join('\nunion all ');
}

/** TEXT is VARCHAR(256), and a cast to it cuts what is longer without a word: texts get the widest type. */
function wholeText(dataType: string): string {
  return /^(?:text|varchar|character varying)$/i.test(dataType) ? 'varchar(65535)' : dataType;
}
