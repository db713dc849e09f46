/** A project of one node for each materialization, ten rows each, whose content says which version it is of. */
import type { Value } from '../../adapters/contract.ts';

export interface FixtureOptions {
  /** The engine can load files. */
  copy: boolean;
}

export const FIXTURE: Readonly<Record<string, string>> = {
  'dbt_project.yml': 'name: shop\nprofile: shop\n',
  'models/v.sql':
    "{{ config(materialized='view') }} select id, {{ var('version', 0) }} as version from {{ ref('colors') }}",
  'models/e.sql': "{{ config(materialized='ephemeral') }} select id from {{ ref('colors') }}",
  'models/t.sql':
    "{{ config(materialized='table') }} select id, {{ var('version', 0) }} as version from {{ ref('e') }}",
  'models/audited.sql':
    "{{ config(materialized='table', publish='audited') }} select id, {{ var('version', 0) }} as version from {{ ref('t') }}",
  // appends whatever it gives, so that a write that is done twice shows
  'models/inc.sql':
    "{{ config(materialized='incremental', incremental_strategy='append') }} select id, {{ var('version', 0) }} as version from {{ ref('colors') }}",
  'models/audited.yml':
    'models:\n  - name: audited\n    columns: [{name: id, data_tests: [unique, not_null]}]\n',
};

const COPY: Readonly<Record<string, string>> = {
  'models/cp.sql':
    "{{ config(materialized='copy', load={'mode': 'append'}) }} select * from {{ source('raw', 'plays') }}",
  'models/sources.yml':
    'sources:\n  - name: raw\n    tables:\n      - name: plays\n        external: {location: data/plays/, format: json}\n' +
    '        columns: [{name: id, data_type: int4}, {name: version, data_type: int4}]\n',
};

const IDS = Array.from({ length: 10 }, (_, i) => i + 1);

export function fixtureFiles({ copy }: FixtureOptions): Record<string, string> {
  return { ...FIXTURE, ...(copy ? COPY : {}) };
}

/** The files of a version: the seed is another one, the copy model finds one more file. */
export function versionFiles(version: number, { copy }: FixtureOptions): Record<string, string> {
  return {
    'seeds/colors.csv': `id,version\n${IDS.map((id) => `${id},${version}`).join('\n')}\n`,
    ...(copy && {
      [`data/plays/${version}.json`]: IDS.map((id) => `${JSON.stringify({ id, version })}\n`).join(''),
    }),
  };
}

export const PUBLISHED = ['audited', 'colors', 'inc', 't', 'v'] as const;

/** Query whose rows are (node, version, rows, ids) of everything published. */
export function contentSql(names: readonly string[]): string {
  return `${names
    .map(
      (name) =>
        `select '${name}' as node, version as version, count(*) as n, count(distinct id) as ids from ${name} group by version`,
    )
    .join(' union all ')} order by 1, 2`;
}

/** `{inc: {'1': 10, '2': 10}}`: rows of each version in each node. */
export function contentOf(rows: readonly Value[][]): Record<string, Record<string, number>> {
  const out: Record<string, Record<string, number>> = {};
  for (const [node, version, n] of rows) {
    const held = out[String(node)] ?? {};
    out[String(node)] = held;
    held[String(version)] = Number(n);
  }
  return out;
}
