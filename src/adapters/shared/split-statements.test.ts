import { describe, expect, it } from 'vitest';
import { splitStatements } from './split-statements.ts';

describe('splitStatements', () => {
  it.each<[string, string[]]>([
    ['select 1', ['select 1']],
    ['delete from a;\ninsert into a select 1;\n', ['delete from a', 'insert into a select 1']],
    ['select \';\' ; select ";"', ["select ';'", 'select ";"']],
    ['select 1 -- a; b\n; /* c; */ ; select 2', ['select 1 -- a; b', 'select 2']],
    ['select $x$ ; $x$; select 2', ['select $x$ ; $x$', 'select 2']],
    [' ; -- nothing', []],
  ])('%s', (sql, parts) => {
    expect(splitStatements(sql)).toEqual(parts);
  });

  it('knows escapes where the engine does', () => {
    const sql = "select 'it\\'s; 1'; select 2";
    expect(splitStatements(sql, { backslashEscapes: true })).toEqual(["select 'it\\'s; 1'", 'select 2']);
  });
});
