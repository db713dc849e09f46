import { describe, expect, it } from 'vitest';
import { relation } from '../../manifest/relation.ts';
import { redshiftDialect } from './dialect.ts';
import { engineError } from './engine-error.ts';
import { statementHint } from './statement-hint.ts';

describe('spelling', () => {
  it('writes texts with a backslash in dollar quotes: Redshift reads escapes in others', () => {
    const { literal } = redshiftDialect;
    expect(literal("it's")).toBe("'it''s'");
    expect(literal('a\\b')).toBe('$sq$a\\b$sq$');
    expect(literal('a\\b$sq$')).toBe('$sq1$a\\b$sq$$sq1$');
    expect(literal('a\\b$sq')).toBe('$sq1$a\\b$sq$sq1$');
  });

  it('writes literal rows without VALUES', () => {
    const columns = [
      { name: 'id', dataType: 'integer' },
      { name: 'word', dataType: 'varchar(9)' },
    ];
    const rows = [
      ['1', 'a'],
      ['2', null],
    ];
    expect(redshiftDialect.literalRowsSql(columns, rows)).toBe(
      `select cast('1' as integer) as "id", cast('a' as varchar(9)) as "word"\nunion all select cast('2' as integer), cast(null as varchar(9))`,
    );
  });

  it('asks for the columns of late-binding views only where it may be one', () => {
    const columns = (type: 'table' | 'view' | null) =>
      redshiftDialect.columnsSql(relation('dev', 's', 'T', { type }));
    expect(columns('table')).not.toContain('late_binding');
    expect(columns('view')).toContain('pg_get_late_binding_view_cols()');
    expect(columns(null)).toContain("lower(view_schema) = 's' and lower(view_name) = 't'");
    expect(redshiftDialect.columnsSql(relation(null, null, 'tmp'))).toContain(
      "like 'pg!_temp!_%' escape '!'",
    );
  });

  it.each([
    ['character varying(64)', { isString: true, charSize: 64 }],
    ['varchar(max)', { isString: true, charSize: 65_535 }],
    ['VARCHAR', { isString: true, charSize: 256 }],
    ['char', { isString: true, charSize: 1 }],
    ['numeric(12,2)', { isNumeric: true, numericPrecision: 12, numericScale: 2 }],
    ['decimal', { isNumeric: true, numericPrecision: 18, numericScale: 0 }],
    ['bigint', { isInteger: true }],
    ['double precision', { isFloat: true }],
    ['super', { isString: false, isNumeric: false }],
  ])('knows %s', (type, facts) => {
    expect(redshiftDialect.describeType(type)).toMatchObject(facts);
  });
});

describe('errors', () => {
  it('keep what is of use of Redshift’s framed details', () => {
    const detail =
      '\n  -----------------------------------------------\n  error:  1023\n  code:      1023\n  context:   Serializable isolation violation on table in Redshift\n  query:     815\n  location:  padbxact.cpp:123\n  -----------------------------------------------\n';
    expect(engineError({ message: '1023', code: 'XX000', detail })).toEqual({
      message: '1023\nDETAIL: Serializable isolation violation on table in Redshift, query 815',
      code: 'XX000',
    });
  });

  it('read the place out of the text of the Data API', () => {
    const statement = 'select é😀 nope';
    expect(
      engineError(
        { message: 'ERROR: column "nope" does not exist\n  Position: 11 [ErrorId: 1-2]' },
        statement,
      ),
    ).toEqual({ message: 'column "nope" does not exist', position: 11, statement });
  });

  it.each([
    ['relation "s.x" does not exist', '42P01', true],
    ['1018: Relation does not exist', undefined, true],
    ['column "x" does not exist', '42703', undefined],
    ['Schema "x" does not exist', undefined, true],
  ])('%s (%s): missing is %s', (message, code, missing) => {
    expect(engineError({ message, code }).missing).toBe(missing);
  });

  it.each([
    ['cannot drop table a because other objects depend on it', /late binding/],
    ['Found multiple matches to update the same tuple', /unique_key/],
    ['permission denied for schema analytics', /grant usage, create/],
    [
      "Load into table 'x' failed.  Check 'stl_load_errors' system table for details.",
      /sys_load_error_detail/,
    ],
  ])('%s: says what to do', (message, hint) => {
    expect(statementHint(message)).toMatch(hint);
  });
});
