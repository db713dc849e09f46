// Writes a project with many packages and macros, as one has with dbt_utils, dbt_expectations, elementary and their
// kind: macros that dispatch, loop and call each other, generic tests among them, and models that use some.
//
//   node scripts/macro-project.mjs FOLDER [macros=1500] [packages=20] [models=100]
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PER_FILE = 5;

/** One macro of a package: its public form and what it dispatches to, or a generic test. */
function macroText(pack, i) {
  const name = `m_${pack}_${i}`;
  if (i % 10 === 9) {
    return `{% test ${name}(model, column_name, minimum=0, group_by=[]) %}
  select {{ column_name }}{% for key in group_by %}, {{ key }}{% endfor %}
  from {{ model }} where {{ column_name }} < {{ minimum }}
{% endtest %}
`;
  }
  return `{#- Joins what it is given, the way of macro ${i}. -#}
{% macro ${name}(columns, alias=none, except=[], quoted=true) %}
  {{ return(adapter.dispatch('${name}', '${pack}')(columns, alias, except, quoted)) }}
{% endmacro %}

{% macro default__${name}(columns, alias=none, except=[], quoted=true) -%}
  {%- set kept = [] -%}
  {%- for column in columns if column not in except -%}
    {%- if quoted and column is string -%}
      {%- do kept.append(adapter.quote(column) ~ (' as ' ~ alias ~ '_' ~ loop.index if alias else '')) -%}
    {%- elif column is mapping -%}
      {%- do kept.append(column.get('name', 'c') | lower | replace(' ', '_')) -%}
    {%- else -%}
      {%- do kept.append(column | string | trim) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if execute and not kept -%}
    {{ exceptions.raise_compiler_error("${name}: no columns are left of " ~ columns) }}
  {%- endif -%}
  {{ return(kept | join(', ')) }}
{%- endmacro %}
`;
}

export function writeMacroProject(folder, { macros = 1500, packages = 20, models = 100 } = {}) {
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const names = Array.from({ length: packages }, (_, i) => `pack_${String(i + 1).padStart(2, '0')}`);
  write('dbt_project.yml', "name: bench\nversion: '1.0'\nconfig-version: 2\nprofile: bench\n");
  write(
    'profiles.yml',
    'bench: {target: dev, outputs: {dev: {type: duckdb, path: bench.duckdb, schema: main}}}\n',
  );
  write('packages.yml', `packages:\n${names.map((name) => `  - local: ${name}`).join('\n')}\n`);
  // a public macro with its default form counts as two
  const each = Math.ceil(macros / packages / 1.9);
  for (const name of names) {
    const root = `dbt_packages/${name}`;
    write(`${root}/dbt_project.yml`, `name: ${name}\nversion: '1.0'\nconfig-version: 2\n`);
    for (let first = 0; first < each; first += PER_FILE) {
      const texts = [];
      for (let i = first; i < Math.min(first + PER_FILE, each); i += 1) texts.push(macroText(name, i));
      write(`${root}/macros/group_${first / PER_FILE}.sql`, texts.join('\n'));
    }
  }
  const properties = ['version: 2', 'models:'];
  for (let i = 0; i < models; i += 1) {
    const pack = names[i % packages];
    const above = i === 0 ? '(select 1 as id, 2 as amount)' : `{{ ref('model_${Math.floor((i - 1) / 3)}') }}`;
    write(
      `models/model_${i}.sql`,
      `select {{ ${pack}.m_${pack}_${i % 9}(['id', 'amount']) }}\nfrom ${above}\n`,
    );
    const test = `${pack}.m_${pack}_9`;
    properties.push(
      `  - name: model_${i}`,
      '    columns:',
      '      - name: id',
      `        data_tests: [{${test}: {arguments: {minimum: 1}}}, not_null]`,
    );
  }
  write('models/properties.yml', `${properties.join('\n')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, ...numbers] = process.argv.slice(2);
  const [macros, packages, models] = numbers.map(Number);
  writeMacroProject(folder, { macros, packages, models });
}
