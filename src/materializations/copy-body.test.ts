/** Bodies and configs of copy models: what is understood, and with which message the rest is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqError } from '../errors.ts';
import type { SourceNode } from '../manifest/nodes.ts';
import { planNode } from '../testing/drive-plan.ts';
import { copyColumns } from './copy-body.ts';
import { copyConfig } from './copy-config.ts';

const source = {
  source_name: 'raw',
  name: 'plays',
  external: { location: 'data/', format: 'json' },
  columns: { id: { name: 'id' }, user_name: { name: 'user_name' } },
} as unknown as SourceNode;
const SOURCE = "{{ source('raw', 'plays') }}";

function nodeOf(body: string, load?: unknown) {
  const { node } = planNode('plays', '', { materialized: 'copy', ...(load === undefined ? {} : { load }) });
  node.raw_code = body;
  return node;
}

function textOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as SqError).text;
  }
  return 'no error';
}

describe('a body', () => {
  it.each([
    [`select * from ${SOURCE}`, null],
    [`SELECT *\nFROM ${SOURCE};\n`, null],
    [
      `{{ config(materialized='copy', load={'mode': 'append'}) }}\n-- a remark\n/* another */ select *{# and one more #} from {{- source("raw", "plays") -}}`,
      null,
    ],
    [`select id, User_Name from ${SOURCE}`, ['id', 'User_Name']],
    [`select "user_name" , id from {{ source(var('group'), 'plays') }}`, ['user_name', 'id']],
  ])('%s', (body, columns) => {
    expect(copyColumns(nodeOf(body), source)).toEqual(columns);
  });

  it.each([
    [`select * from ${SOURCE}\nwhere id > 1`, '2:1', '`where`'],
    [`select id, count(*) from ${SOURCE}`, '1:17', '`(`'],
    [`select id as key from ${SOURCE}`, '1:11', '`as`'],
    [`select distinct id from ${SOURCE}`, '1:17', '`id`'],
    [`-- remark\n\nwith a as (select 1)\nselect * from a`, '3:1', '`with`'],
    ['select * from plays', '1:15', '`plays`'],
    ["select * from {{ ref('plays') }}", '1:15', "`{{ ref('plays') }}`"],
    [`select * from ${SOURCE} as p`, '1:44', '`as`'],
    [`{% if true %}select * from ${SOURCE}{% endif %}`, '1:1', '`{% if true %}`'],
    ['select', '1:7', 'its end'],
  ])('%s', (body, place, found) => {
    expect(textOf(() => copyColumns(nodeOf(body), source))).toBe(
      [
        'Compilation Error',
        `  The body of a copy model is \`select * from {{ source(...) }}\`, or names of columns in place of the star; found ${found}.`,
        `  at models/plays.sql:${place}`,
        '  hint: load everything as it is, and filter or change it in a model that selects from this one',
      ].join('\n'),
    );
  });

  it('names columns that the source declares', () => {
    expect(textOf(() => copyColumns(nodeOf(`select id,\n  user_nmae from ${SOURCE}`), source))).toBe(
      [
        'Compilation Error',
        '  Source raw.plays declares no column user_nmae.',
        '  at models/plays.sql:2:3',
        '  hint: did you mean user_name?',
      ].join('\n'),
    );
  });

  it('selects from a source that has files', () => {
    const plain = { ...source, external: null } as SourceNode;
    expect(textOf(() => copyColumns(nodeOf(`select * from ${SOURCE}`), plain))).toBe(
      [
        'Compilation Error',
        '  A copy model loads files, and source raw.plays declares none.',
        '  at models/plays.sql:1:1',
        '  hint: give the source external: {location, format}, or materialize this model as a table',
      ].join('\n'),
    );
  });

  it('of any text is understood or refused with a place in it', () => {
    const pieces = fc.constantFrom(
      'select ',
      '* ',
      'id',
      ', ',
      'from ',
      SOURCE,
      '\n',
      ' where ',
      '-- x\n',
      '{# y #}',
      "'",
      '"',
      '(',
      ';',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const body = parts.join('');
        const text = textOf(() => copyColumns(nodeOf(body), source));
        const place = /at models\/plays\.sql:(\d+):(\d+)/.exec(text);
        if (text === 'no error') return;
        const lines = body.split('\n');
        expect(Number(place?.[1])).toBeLessThanOrEqual(lines.length);
        expect(Number(place?.[2])).toBeLessThanOrEqual((lines[Number(place?.[1]) - 1] ?? '').length + 1);
      }),
    );
  });
});

it('maxerror is nothing for parquet', () => {
  const parquet = { ...source, external: { location: 'data/', format: 'parquet' } } as SourceNode;
  expect(textOf(() => copyConfig(nodeOf('', { maxerror: 1 }), parquet))).toContain(
    'Config load of plays cannot be used: maxerror does not apply to parquet files.',
  );
});

describe('config load', () => {
  it.each([
    [undefined, { mode: 'replace', partitionBy: [], maxErrors: 0, changed: 'error' }],
    [
      { mode: 'append', maxerror: '5', changed: 'skip' },
      { mode: 'append', partitionBy: [], maxErrors: 5, changed: 'skip' },
    ],
    [
      { mode: 'partition', partition_by: 'day' },
      { mode: 'partition', partitionBy: ['day'], maxErrors: 0, changed: 'error' },
    ],
  ])('%j', (load, config) => {
    expect(copyConfig(nodeOf('', load), source)).toEqual({ eventTime: null, ...config });
  });

  it.each([
    ['append', 'it is "append"', 'write it as load: {mode: replace}'],
    [{ mod: 'append' }, "it has the key 'mod', which is not known", "did you mean 'mode'?"],
    [{ mode: 'apend' }, 'mode is "apend"', "did you mean 'append'?"],
    [
      { mode: 'partition' },
      'mode partition needs partition_by',
      'say which rows are loaded again, e.g. partition_by: "cast(loaded_at as date)"',
    ],
    [
      { partition_by: 'day' },
      'partition_by is given, and the mode is replace',
      'say mode: partition, or leave partition_by out',
    ],
    [
      { mode: 'partition', partition_by: [1] },
      'partition_by is [1]',
      'give a column, an expression, or a list of them',
    ],
    [{ maxerror: -1 }, 'maxerror is -1', 'it is a whole number from 0 to 100000'],
    [{ changed: 'reload' }, 'changed is "reload"', 'it is one of: error, append, skip'],
  ])('%j', (load, what, hint) => {
    expect(textOf(() => copyConfig(nodeOf('', load), source))).toBe(
      [
        'Compilation Error',
        `  Config load of plays cannot be used: ${what}.`,
        '  at models/plays.sql',
        `  hint: ${hint}`,
      ].join('\n'),
    );
  });
});
