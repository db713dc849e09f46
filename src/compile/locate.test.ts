import { describe, expect, it } from 'vitest';
import { locateInRaw } from './locate.ts';

/** Place in `raw` of the first occurrence of `needle` in `compiled`. */
const at = (raw: string, compiled: string, needle: string) =>
  locateInRaw(raw, compiled, compiled.indexOf(needle));

describe('from compiled SQL back to the line of the author', () => {
  it('is the same place in text without tags', () => {
    expect(at('select a,\n  b\nfrom t', 'select a,\n  b\nfrom t', 'b\n')).toEqual({ line: 2, column: 3 });
  });

  it('sees through a config block that left lines behind', () => {
    const raw = "{{ config(materialized='table') }}\n\nselect id,\n  wrong\nfrom {{ ref('a') }}";
    const compiled = '\n\nselect id,\n  wrong\nfrom "db"."main"."a"';
    expect(at(raw, compiled, 'wrong')).toEqual({ line: 4, column: 3 });
  });

  it('places what a tag wrote at the tag', () => {
    const raw = "select id\nfrom {{ ref('a') }} as first_table\nwhere id > 1";
    const compiled = 'select id\nfrom "db"."main"."a" as first_table\nwhere id > 1';
    expect(at(raw, compiled, '"main"')).toEqual({ line: 2, column: 6 });
  });

  it('sees through a condition that was false', () => {
    const raw =
      'select id\nfrom t\n{% if is_incremental() %}\nwhere x > 1\n{% endif %}\norder by missing_col';
    const compiled = 'select id\nfrom t\n\norder by missing_col';
    expect(at(raw, compiled, 'missing_col')).toEqual({ line: 6, column: 10 });
  });

  it('places every round of a loop at its body', () => {
    const raw =
      'select\n{% for c in cols %}\n  cast({{ c }} as integer) as x_{{ c }},\n{% endfor %}\n  1 as last_one';
    const compiled =
      'select\n\n  cast(a as integer) as x_a,\n\n  cast(b as integer) as x_b,\n\n  1 as last_one';
    const second = compiled.lastIndexOf('as integer');
    expect(locateInRaw(raw, compiled, second).line).toBe(3);
    expect(at(raw, compiled, 'last_one')).toEqual({ line: 5, column: 8 });
  });
});
