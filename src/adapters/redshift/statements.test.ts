/**
 * The corpus: for each materialization and state of the warehouse the exact statements, in files beside this one
 * (statements/*.sql) that are reviewed like code and parsed as Redshift SQL by scripts/check-redshift-sql.py.
 */
import { describe, expect, it } from 'vitest';
import { corpusText, type Scenario, statementsOf } from '../../testing/redshift-corpus.ts';

const model = (config: string, sql = 'select 1 as id') => ({
  'models/songs.sql': `{{ config(${config}) }}\n${sql}\n`,
});
const standing = (type: string) => ({ relations: [['dev', 'mart', 'songs', type] as const] });
const ID = { name: 'id', dataType: 'integer' };
const title = (size: number) => ({ name: 'title', dataType: `character varying(${size})` });
const unique =
  'models: [{name: songs, columns: [{name: id, data_tests: [unique]}, {name: artist_id, data_tests: [{relationships: {arguments: {to: "ref(\'songs\')", field: id}}}]}]}]';
const incremental = (config: string) =>
  model(`materialized='incremental', ${config}`, 'select 1 as id, 2 as n');
const added = (columns = [ID, { name: 'n', dataType: 'integer' }]) => ({
  ...standing('table'),
  columns: { songs: columns, 'songs__sq_tmp_*': columns },
});

const mv = (config: string) => model(`materialized='materialized_view', ${config}`);
const mvStands = (backup: string, autoRefresh: string) => ({
  ...standing('materialized_view'),
  rows: [
    [
      /svv_mv_info m/,
      [
        [
          `create materialized view mart.songs backup ${backup} diststyle even auto refresh no as (\n\nselect 1 as id\n)`,
          autoRefresh,
        ],
      ],
    ] as const,
  ],
});

const snapshot = (config: string) => ({
  'snapshots/songs.yml': `snapshots: [{name: songs, relation: "source('raw', 'songs')", config: {unique_key: id, ${config}}}]\n`,
  'models/raw.yml': 'sources: [{name: raw, tables: [{name: songs}]}]\n',
});
const BY_TIME = 'strategy: timestamp, updated_at: seen';
const TIME = { name: 'seen', dataType: 'timestamp without time zone' };
const versions = (stored: string[], staged: string[]) => {
  const meta = ['dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to', 'dbt_scd_id'];
  const columns = (names: string[]) => names.map((name) => ({ name, dataType: 'bigint' }));
  return {
    ...standing('table'),
    columns: {
      songs: columns([...stored, ...meta, 'dbt_is_deleted']),
      'songs__sq_tmp_*': columns(['dbt_change_type', ...staged, 'dbt_unique_key', ...meta]),
    },
    queryColumns: [TIME],
  };
};

const events = (load: string, columns = '*') => ({
  'models/songs.sql': `{{ config(materialized='copy', load=${load}) }} select ${columns} from {{ source('raw', 'events') }}`,
  'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: 's3://lake/events/', format: json, jsonpaths: auto_ignorecase, options: {timeformat: epochmillisecs}}
        columns: [{name: id, data_type: int8}, {name: seen, data_type: timestamp}]
`,
});
const counts = [
  [/pg_last_copy_count/, [[2, 1]]],
  [/pg_backend_pid\(\), cast/, [[7, '2026-11-21 08:00:00']]],
] as const;
const two = { 'lake/events/1.json': '{"id": 1}', 'lake/events/2.json': '{"id": 2}' };
const loaded = (...rows: (readonly [RegExp, readonly (readonly (string | number)[])[]])[]) => ({
  ...standing('table'),
  columns: {
    songs: [
      { name: 'id', dataType: 'bigint' },
      { name: 'seen', dataType: 'timestamp without time zone' },
    ],
  },
  rows: [...counts, ...rows],
});

const external = (config: string) => ({
  'models/songs.sql': `{{ config(materialized='external', location='s3://lake/songs/', ${config}) }} select 1 as id, 'it''s' as title, 2018 as year`,
});
const unloaded = {
  queryColumns: [ID, title(4), { name: 'year', dataType: 'integer' }],
  rows: [[/pg_last_unload_count/, [[2]]]] as const,
};
const manifest = (...files: string[]) => ({
  'lake/songs/manifest': JSON.stringify({
    entries: files.map((file) => ({ url: `s3://lake/songs/${file}` })),
    meta: { record_count: 2 },
  }),
});

const CORPUS: Record<string, Record<string, Scenario>> = {
  table: {
    'new': { files: model("materialized='table'") },
    exists: { files: model("materialized='table'"), warehouse: standing('table') },
    'a view stands there': { files: model("materialized='table'"), warehouse: standing('view') },
    'all of its keys': {
      files: model(
        "materialized='table', dist='user_id', sort=['user_id', 'time'], sort_type='compound', backup=false",
      ),
    },
    'on every node, interleaved': {
      files: model("materialized='table', dist='all', sort=['a', 'b'], sort_type='interleaved'"),
    },
    'dist of the profile': { files: model("materialized='table'"), profile: 'dist: even' },
    'dropped with what hangs on it': {
      files: model("materialized='table', drop_cascade=true"),
      warehouse: standing('table'),
    },
    audited: {
      command: 'build',
      files: {
        ...model("materialized='table', publish='audited'"),
        'models/songs.yml': 'models: [{name: songs, columns: [{name: id, data_tests: [unique]}]}]',
      },
      warehouse: { ...standing('table'), rows: [[/dbt_internal_test/, [[0, 'false', 'false']]]] },
    },
    'a materialized view stands there': {
      files: model("materialized='table'"),
      warehouse: standing('materialized_view'),
    },
    'in a query group of its own': {
      files: model("materialized='table', query_group='heavy'"),
      profile: 'query_group: etl',
      warehouse: standing('table'),
    },
    hooks: {
      files: model(
        "materialized='table', pre_hook='set query_group to \\'etl\\'', post_hook=[{'sql': 'vacuum {{ this }}', 'transaction': false}]",
      ),
      warehouse: standing('table'),
    },
  },
  view: {
    'new, binding late': { files: model("materialized='view'") },
    'new, bound': { files: model("materialized='view', bind=true") },
    exists: { files: model("materialized='view'"), warehouse: standing('view') },
    'a table stands there': { files: model("materialized='view'"), warehouse: standing('table') },
    audited: {
      command: 'build',
      files: {
        ...model("materialized='view', publish='audited'"),
        'models/songs.yml': 'models: [{name: songs, columns: [{name: id, data_tests: [unique]}]}]',
      },
      warehouse: { ...standing('view'), rows: [[/dbt_internal_test/, [[0, 'false', 'false']]]] },
    },
    'grants and hooks': {
      files: model(
        "materialized='view', grants={'select': ['ann']}, pre_hook='delete from mart.log', post_hook='insert into mart.log select 1'",
      ),
      warehouse: standing('view'),
    },
  },
  incremental: {
    'new': { files: incremental("unique_key='id', dist='id'") },
    'full refresh': {
      files: incremental("unique_key='id'"),
      warehouse: standing('table'),
      options: { flags: { fullRefresh: true } },
    },
    microbatch: {
      files: model(
        "materialized='incremental', incremental_strategy='microbatch', event_time='seen', batch_size='day', begin='2020-01-01'",
        "select 1 as id, '2020-01-01'::timestamp as seen",
      ),
      warehouse: added([ID, TIME]),
      options: { env: { SQ_TEST_NOW: '2020-01-02T00:00:00Z' } },
    },
    append: { files: incremental("incremental_strategy='append'"), warehouse: added() },
    'delete+insert': {
      files: incremental("unique_key=['id', 'n'], incremental_predicates=['n > 1']"),
      warehouse: added(),
    },
    merge: { files: incremental("incremental_strategy='merge', unique_key='id'"), warehouse: added() },
    'merge of a key alone': {
      files: incremental("incremental_strategy='merge', unique_key='id'"),
      warehouse: added([ID]),
    },
    'merge without a key': { files: incremental("incremental_strategy='merge'"), warehouse: added() },
    'a text became longer': {
      files: incremental("incremental_strategy='append'"),
      warehouse: {
        ...standing('table'),
        columns: { songs: [ID, title(10)], 'songs__sq_tmp_*': [ID, title(40)] },
      },
    },
    'columns went, but not the one that numbers the rows': {
      files: {
        ...incremental("incremental_strategy='append', on_schema_change='sync_all_columns'"),
        'models/songs.yml':
          'models: [{name: songs, columns: [{name: song_key, data_type: bigint, config: {meta: {identity: [0, 1]}}}]}]',
      },
      warehouse: {
        ...standing('table'),
        columns: {
          songs: [{ name: 'song_key', dataType: 'bigint' }, ID, title(10)],
          'songs__sq_tmp_*': [ID],
        },
        queryColumns: [ID],
      },
    },
    'a view stands there': { files: incremental("unique_key='id'"), warehouse: standing('view') },
    hooks: {
      files: incremental(
        "incremental_strategy='append', pre_hook='delete from {{ this }} where n = 0', post_hook=[{'sql': 'analyze {{ this }}', 'transaction': false}]",
      ),
      warehouse: added(),
    },
    audited: {
      command: 'build',
      files: {
        ...incremental("incremental_strategy='append', publish='audited'"),
        'models/songs.yml': 'models: [{name: songs, columns: [{name: id, data_tests: [unique]}]}]',
      },
      warehouse: { ...added(), rows: [[/dbt_internal_test/, [[0, 'false', 'false']]]] },
    },
    'columns came and went': {
      files: incremental("incremental_strategy='append', on_schema_change='sync_all_columns'"),
      warehouse: {
        ...standing('table'),
        columns: {
          songs: [ID, title(10)],
          'songs__sq_tmp_*': [
            { name: 'id', dataType: 'bigint' },
            { name: 'fresh', dataType: 'date' },
          ],
        },
      },
    },
  },
  copy: {
    'new, all files below the prefix': {
      files: events("{'mode': 'replace'}"),
      objects: two,
      warehouse: { rows: counts },
    },
    'exists, exactly the files listed': {
      files: events("{'mode': 'replace', 'maxerror': 3}"),
      objects: two,
      profile: 's3_staging_dir: s3://lake/staging\ncopy_iam_role: arn:aws:iam::123456789012:role/loader',
      warehouse: loaded(),
    },
    'appends what the ledger does not know': {
      files: events("{'mode': 'append'}"),
      objects: two,
      profile: 's3_staging_dir: s3://lake/staging',
      warehouse: {
        ...loaded(),
        relations: [
          ['dev', 'mart', 'songs', 'table'],
          ['dev', 'mart', 'sq_loads', 'table'],
        ],
        rows: [
          ...counts,
          [
            /from "dev"\."mart"\."sq_loads"/,
            [['s3://lake/events/1.json', 9, 'f3e56c602771e9541aef61d502562b89', '2026-11-21']],
          ],
        ],
      },
    },
    'replaces the partitions that came': {
      files: events("{'mode': 'partition', 'partition_by': 'date_trunc(\\'day\\', seen)'}"),
      objects: two,
      warehouse: loaded(),
    },
    'full refresh': {
      files: events("{'mode': 'replace'}"),
      objects: two,
      warehouse: loaded(),
      options: { flags: { fullRefresh: true } },
    },
    'a view stands there': {
      files: events("{'mode': 'replace'}"),
      objects: two,
      warehouse: { ...standing('view'), rows: counts },
    },
    'one column of the file, paths uploaded': {
      files: {
        ...events("{'mode': 'replace'}", 'id'),
        'models/raw.yml': `sources: [{name: raw, tables: [{name: events, external: {location: 's3://lake/events/', format: json, jsonpaths: generate}, columns: [{name: id, data_type: int8, path: "$['Id']"}, {name: seen, data_type: timestamp}]}]}]\n`,
      },
      objects: two,
      profile: 's3_staging_dir: s3://lake/staging',
      warehouse: { rows: counts },
    },
    'grants and hooks': {
      files: {
        ...events("{'mode': 'replace'}"),
        'models/songs.yml': `models: [{name: songs, config: {grants: {select: [ann]}, pre_hook: "delete from mart.log", post_hook: "insert into mart.log select 1"}}]\n`,
      },
      objects: two,
      warehouse: loaded(),
    },
  },
  external: {
    'new, one folder of files': {
      files: external("format='csv'"),
      objects: manifest('0000_part_00.csv'),
      warehouse: unloaded,
    },
    'partitioned, with the table over it': {
      files: external("format='parquet', partition_by=['year']"),
      profile: 'external_schema: lake',
      objects: manifest('year=2018/0000_part_00.parquet'),
      warehouse: unloaded,
    },
    'its table has other columns': {
      files: external("format='parquet', partition_by=['year']"),
      profile: 'external_schema: lake',
      objects: manifest('year=2018/0000_part_00.parquet'),
      warehouse: { ...unloaded, rows: [...unloaded.rows, [/svv_external_columns/, [['id'], ['year']]]] },
    },
    'its table is there': {
      files: external("format='parquet'"),
      profile: 'external_schema: lake',
      objects: manifest('0000_part_00.parquet'),
      warehouse: {
        ...unloaded,
        rows: [...unloaded.rows, [/svv_external_columns/, [['id'], ['title'], ['year']]]],
      },
    },
    'grants and hooks': {
      files: {
        ...external("format='parquet'"),
        'models/songs.yml': `models: [{name: songs, config: {pre_hook: "delete from mart.log", post_hook: "insert into mart.log select 1"}}]\n`,
      },
      objects: manifest('0000_part_00.parquet'),
      warehouse: unloaded,
    },
  },
  contract: {
    'constraints that tests prove': {
      files: {
        ...model(
          "materialized='table', contract={'enforced': true}, dist='id', sort='id', encode={'title': 'zstd'}",
          "select 1 as id, 'x' as title, 2 as artist_id",
        ),
        'models/songs.yml': unique.replace(
          'columns: [{name: id, data_tests: [unique]}, {name: artist_id,',
          "columns: [{name: id, data_type: bigint, constraints: [{type: not_null}, {type: primary_key}], data_tests: [unique]}, {name: title, data_type: varchar(200), constraints: [{type: unique}]}, {name: artist_id, data_type: bigint, constraints: [{type: foreign_key, expression: 'mart.artists (id)'}],",
        ),
      },
      warehouse: {
        queryColumns: [
          { name: 'id', dataType: 'bigint' },
          title(200),
          { name: 'artist_id', dataType: 'bigint' },
        ],
      },
    },
    'encodings alone': {
      files: model("materialized='table', encode={'id': 'az64'}"),
      warehouse: { queryColumns: [ID] },
    },
    'constraints as declared': {
      profile: 'constraints: declared',
      files: {
        ...model("materialized='table', contract={'enforced': true}"),
        'models/songs.yml':
          'models: [{name: songs, columns: [{name: id, data_type: bigint, constraints: [{type: primary_key}]}]}]',
      },
      warehouse: { queryColumns: [{ name: 'id', dataType: 'bigint' }] },
    },
    'rows numbered by the table': {
      files: {
        ...incremental("incremental_strategy='append'"),
        'models/songs.yml':
          'models: [{name: songs, columns: [{name: song_key, data_type: bigint, config: {meta: {identity: [0, 1]}}}]}]',
      },
      warehouse: { queryColumns: [ID, { name: 'n', dataType: 'integer' }] },
    },
    'rows are added to what the table numbers': {
      files: {
        ...incremental("incremental_strategy='append'"),
        'models/songs.yml':
          'models: [{name: songs, columns: [{name: song_key, data_type: bigint, config: {meta: {identity: [0, 1]}}}]}]',
      },
      warehouse: {
        ...added([{ name: 'song_key', dataType: 'bigint' }, ID]),
        queryColumns: [ID, { name: 'n', dataType: 'integer' }],
      },
    },
  },
  grants_and_docs: {
    granted: {
      files: model(
        "materialized='table', grants={'select': ['ann', 'group:analysts', 'role:reporter', 'public']}",
      ),
    },
    'compared with what is granted': {
      files: model(
        "materialized='incremental', incremental_strategy='append', grants={'select': ['ann', 'group:analysts']}",
        'select 1 as id, 2 as n',
      ),
      warehouse: {
        ...added(),
        rows: [
          [
            /svv_relation_privileges/,
            [
              ['bob', 'select'],
              ['ann', 'select'],
            ],
          ],
        ],
      },
    },
    described: {
      files: {
        ...model("materialized='table', persist_docs={'relation': true, 'columns': true}"),
        'models/songs.yml':
          'models: [{name: songs, description: "It\'s $1 \\\\ song", columns: [{name: id, description: key}, {name: gone, description: no}]}]',
      },
      warehouse: { columns: { songs: [ID] } },
    },
  },
  materialized_view: {
    'new': { files: mv("dist='id', sort='id', auto_refresh=true, backup=false") },
    'as it is': { files: mv(''), warehouse: mvStands('yes', 'f') },
    'it is to refresh itself': { files: mv('auto_refresh=true'), warehouse: mvStands('yes', 'f') },
    'backup changed': { files: mv('backup=false'), warehouse: mvStands('yes', 'f') },
    'backup changed, left alone': {
      files: mv("backup=false, on_configuration_change='continue'"),
      warehouse: mvStands('yes', 'f'),
    },
    'full refresh': {
      files: mv(''),
      warehouse: mvStands('yes', 'f'),
      options: { flags: { fullRefresh: true } },
    },
    'a table stands there': { files: mv(''), warehouse: standing('table') },
    'a view stands there': { files: mv(''), warehouse: standing('view') },
    'grants and hooks': {
      files: mv(
        "grants={'select': ['ann']}, pre_hook='delete from mart.log', post_hook='insert into mart.log select 1'",
      ),
    },
  },
  snapshot: {
    'new': { command: 'snapshot', files: snapshot(BY_TIME), warehouse: { queryColumns: [TIME] } },
    'the column of the time tells what has changed': {
      command: 'snapshot',
      files: snapshot(BY_TIME),
      warehouse: versions(['id', 'seen'], ['id', 'seen']),
    },
    'columns are compared, one is new, deleted rows end': {
      command: 'snapshot',
      files: snapshot('strategy: check, check_cols: [id], hard_deletes: invalidate'),
      warehouse: { ...versions(['id'], ['id', 'n']), queryColumns: [ID] },
    },
    'deleted rows are recorded, in columns of other names': {
      command: 'snapshot',
      files: snapshot(
        `${BY_TIME}, hard_deletes: new_record, dbt_valid_to_current: "'9999-12-31'::timestamp", snapshot_meta_column_names: {dbt_valid_to: valid_to}`,
      ),
      warehouse: versions(['id', 'valid_to'], ['id', 'valid_to']),
    },
  },
  function: {
    'one, and another form of it': {
      command: 'build',
      files: {
        'functions/cost.sql': 'price * 2',
        'functions/cost_taxed.sql': 'price * 2 + tax',
        'functions/f.yml':
          'functions: [{name: cost, config: {volatility: deterministic}, arguments: [{name: price, data_type: float}], returns: {data_type: float}, overloads: [{defined_in: cost_taxed, arguments: [{name: price, data_type: float}, {name: tax, data_type: float}]}]}]',
      },
    },
  },
  seed: {
    'new': {
      command: 'seed',
      files: {
        'seeds/songs.csv': "id,title\n1,it's\n2,back\\slash\n",
        'seeds/s.yml': 'seeds: [{name: songs, config: {dist: all}}]',
      },
    },
    exists: { command: 'seed', files: { 'seeds/songs.csv': 'id\n1\n' }, warehouse: standing('table') },
    'full refresh': {
      command: 'seed',
      files: { 'seeds/songs.csv': 'id\n1\n' },
      warehouse: standing('table'),
      options: { flags: { fullRefresh: true } },
    },
    'a view stands there': {
      command: 'seed',
      files: { 'seeds/songs.csv': 'id\n1\n' },
      warehouse: standing('view'),
    },
    'grants and hooks': {
      command: 'seed',
      files: {
        'seeds/songs.csv': 'id\n1\n',
        'seeds/s.yml':
          'seeds: [{name: songs, config: {grants: {select: [ann]}, pre_hook: "delete from mart.log", post_hook: "insert into mart.log select 1"}}]',
      },
      warehouse: standing('table'),
    },
  },
};

describe('the statements of', () => {
  for (const [name, scenarios] of Object.entries(CORPUS)) {
    it(name, async () => {
      const parts: Record<string, string[]> = {};
      for (const [state, scenario] of Object.entries(scenarios)) parts[state] = await statementsOf(scenario);
      await expect(corpusText(parts)).toMatchFileSnapshot(`statements/${name}.sql`);
    });
  }
});
