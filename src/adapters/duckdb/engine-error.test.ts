import { describe, expect, it } from 'vitest';
import { parseEngineError } from './engine-error.ts';
import { statementHint } from './statement-hint.ts';

describe('errors of DuckDB', () => {
  it('as JSON give message, class, place and candidates', () => {
    const sql = "select 'é', nope from t";
    const text = JSON.stringify({
      exception_type: 'Binder',
      exception_message: 'Referenced column "nope" not found in FROM clause!\nCandidate bindings: "no", "pe"',
      candidates: 'no,pe',
      position: '13',
      error_subtype: 'COLUMN_NOT_FOUND',
    });
    expect(parseEngineError(text, sql)).toEqual({
      message:
        'Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "no", "pe"',
      code: 'Binder Error',
      position: sql.indexOf('nope'),
      candidates: ['no', 'pe'],
      statement: sql,
    });
  });

  it('of the parser carry their class before the JSON', () => {
    const text =
      'Parser Error: {"exception_type":"Parser","exception_message":"syntax error at or near \\"selct\\"","position":"0"}';
    expect(parseEngineError(text, 'selct 1')).toMatchObject({
      message: 'Parser Error: syntax error at or near "selct"',
      position: 0,
    });
  });

  it('as text lose the drawing of the place', () => {
    expect(
      parseEngineError(
        'Catalog Error: Table with name x does not exist!\n\nLINE 1: select * from x\n                      ^',
      ),
    ).toEqual({
      message: 'Catalog Error: Table with name x does not exist!',
      code: 'Catalog Error',
    });
  });

  it('that are no errors of DuckDB stay as they are', () => {
    expect(parseEngineError('boom {"a":1}')).toEqual({ message: 'boom {"a":1}' });
    expect(parseEngineError('{ broken')).toEqual({ message: '{ broken' });
  });

  it.each([
    ['IO Error: Could not write file "x.duckdb": No space left on device', /^free some space on the disk/],
    ['Out of Memory Error: failed to allocate data of size 1.0 MiB', /^raise `memory_limit`/],
    [
      'TransactionContext Error: Catalog write-write conflict on create with "t"',
      /^two statements changed the same thing/,
    ],
    [
      'Missing Extension Error: File s3://b/x.json requires the extension httpfs to be loaded',
      /^add `extensions: \[httpfs\]`/,
    ],
  ])('%s: what to do next', (message, hint) => {
    expect(statementHint(message)).toMatch(hint);
  });

  it('that lie in the SQL need no hint', () => {
    expect(statementHint('Binder Error: Referenced column "x" not found')).toBeUndefined();
  });
});
