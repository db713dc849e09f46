{#- Tables whose columns are declared: an enforced contract, encodings, identity columns. -#}
{% macro redshift_contract_enforced() -%}
  {%- set contract = config.get('contract') -%}
  {%- do return(contract is not none and contract is not undefined and contract.enforced | default(false)) -%}
{%- endmacro %}

{#- Columns that say `identity: [seed, step]` under their config or meta: the table numbers its rows itself. -#}
{% macro redshift_identity_columns() -%}
  {%- set found = {} -%}
  {%- for name, column in model.get('columns', {}).items() -%}
    {%- set identity = redshift_column_option(column, 'identity') -%}
    {%- if identity -%}
      {%- do found.update({name: identity}) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{% macro redshift_column_option(column, option) -%}
  {%- set configured = (column.get('config') or {}).get('meta') or {} -%}
  {%- do return(column.get(option) or (column.get('config') or {}).get(option) or configured.get(option) or (column.get('meta') or {}).get(option)) -%}
{%- endmacro %}

{#- `(name type encode … not null, …)`. `found` are the query's columns where no contract names them. -#}
{% macro redshift_table_columns(found) -%}
  {%- set identities = redshift_identity_columns() -%}
  {%- set types = {} -%}
  {%- set order = [] -%}
  {%- if redshift_contract_enforced() -%}
    {%- for name, column in model.columns.items() -%}
      {%- do order.append(name) -%}
      {%- do types.update({name | lower: column['data_type']}) -%}
    {%- endfor -%}
  {%- else -%}
    {%- do order.extend(identities.keys() | list) -%}
    {%- for name in identities -%}
      {%- do types.update({name | lower: model.columns[name]['data_type'] or 'bigint'}) -%}
    {%- endfor -%}
    {%- for column in found -%}
      {%- if column.name | lower not in types -%}
        {%- do order.append(column.name) -%}
        {%- do types.update({column.name | lower: column.data_type}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set encodings = redshift_encodings() -%}
  {%- set lines = [] -%}
  {%- for name in order -%}
    {%- set column = model.columns.get(name) or {'name': name, 'quote': true} -%}
    {%- set parts = [redshift_column_name(column), types[name | lower]] -%}
    {%- if name in identities -%}
      {%- do parts.append(redshift_identity_clause(identities[name])) -%}
    {%- endif -%}
    {%- if encodings.get(name | lower) -%}
      {%- do parts.append('encode ' ~ encodings[name | lower]) -%}
    {%- endif -%}
    {%- do parts.extend(redshift_column_constraints(column)) -%}
    {%- do lines.append(parts | join(' ')) -%}
  {%- endfor -%}
  {%- do lines.extend(redshift_model_constraints()) -%}
(
  {{ lines | join(',\n  ') }}
)
{%- endmacro %}

{% macro redshift_column_name(column) -%}
  {{- adapter.quote(column['name']) if column.get('quote') else column['name'] -}}
{%- endmacro %}

{#- Config `encode: {column: zstd}` of the model, and `encode` of a column. -#}
{% macro redshift_encodings() -%}
  {%- set found = {} -%}
  {%- for name, encoding in (config.get('encode') or {}).items() -%}
    {%- do found.update({name | lower: encoding}) -%}
  {%- endfor -%}
  {%- for name, column in model.get('columns', {}).items() if redshift_column_option(column, 'encode') -%}
    {%- do found.update({name | lower: redshift_column_option(column, 'encode')}) -%}
  {%- endfor -%}
  {%- do return(found) -%}
{%- endmacro %}

{#- `true` counts from 0 by 1, as Redshift's examples do. -#}
{% macro redshift_identity_clause(identity) -%}
  {%- set pair = [0, 1] if identity is true else identity -%}
  {%- if pair is string or pair | length != 2 -%}
    {%- do exceptions.raise_compiler_error("'identity' is " ~ tojson(identity) ~ ': it is [seed, step], for instance [0, 1]') -%}
  {%- endif -%}
  {{- 'identity(' ~ pair[0] ~ ', ' ~ pair[1] ~ ')' -}}
{%- endmacro %}

{#- Names of the columns that the query fills, in the table's order: all but those the table numbers. -#}
{% macro redshift_insert_columns(found) -%}
  {%- set identities = redshift_identity_columns() -%}
  {%- set names = [] -%}
  {%- if redshift_contract_enforced() -%}
    {%- for name, column in model.columns.items() if name not in identities -%}
      {%- do names.append(redshift_column_name(column)) -%}
    {%- endfor -%}
  {%- else -%}
    {%- for column in found if column.name not in identities -%}
      {%- do names.append(column.quoted) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- do return(names) -%}
{%- endmacro %}

{#- Redshift enforces NOT NULL alone, but its planner believes UNIQUE, PRIMARY KEY and FOREIGN KEY: over keys
    that do not hold a SELECT DISTINCT gives rows twice. They are written where tests of the project prove them
    (unique and not_null, relationships); `constraints: declared` in the profile or the model writes all. -#}
{% macro redshift_column_constraints(column) -%}
  {%- set written = [] -%}
  {%- for constraint in column.get('constraints') or [] -%}
    {%- if constraint.type == 'not_null' -%}
      {%- do written.append('not null') -%}
    {%- elif constraint.type == 'primary_key' and redshift_proven('unique', column['name']) -%}
      {%- do written.append('primary key') -%}
    {%- elif constraint.type == 'unique' and redshift_proven('unique', column['name']) -%}
      {%- do written.append('unique') -%}
    {%- elif constraint.type == 'foreign_key' and redshift_proven('relationships', column['name']) -%}
      {%- do written.append(redshift_reference(constraint)) -%}
    {%- elif constraint.type == 'custom' -%}
      {%- do written.append(constraint.expression) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do return(written) -%}
{%- endmacro %}

{% macro redshift_model_constraints() -%}
  {%- set written = [] -%}
  {%- for constraint in model.get('constraints') or [] -%}
    {%- set columns = constraint.columns | default([], true) -%}
    {%- set single = columns[0] if columns | length == 1 else none -%}
    {%- if constraint.type in ['primary_key', 'unique'] and redshift_proven('unique', single, columns) -%}
      {%- do written.append(('primary key' if constraint.type == 'primary_key' else 'unique') ~ ' (' ~ columns | join(', ') ~ ')') -%}
    {%- elif constraint.type == 'foreign_key' and redshift_proven('relationships', single) -%}
      {%- do written.append('foreign key (' ~ columns | join(', ') ~ ') ' ~ redshift_reference(constraint)) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do return(written) -%}
{%- endmacro %}

{% macro redshift_reference(constraint) -%}
  {%- if constraint.to | default(none, true) -%}
    {{- 'references ' ~ constraint.to ~ (' (' ~ constraint.to_columns | join(', ') ~ ')' if constraint.to_columns | default(none, true) else '') -}}
  {%- else -%}
    {{- 'references ' ~ constraint.expression -}}
  {%- endif -%}
{%- endmacro %}

{#- Whether a test of this model proves it: `unique`, or a test over a combination of columns. -#}
{% macro redshift_proven(test, column_name, columns=none) -%}
  {%- if (config.get('constraints_emitted') or target.get('constraints')) == 'declared' -%}
    {%- do return(true) -%}
  {%- endif -%}
  {%- set wanted = (columns or []) | map('lower') | sort | list -%}
  {%- for node in graph.nodes.values() if node.resource_type == 'test' and node.attached_node == model.unique_id -%}
    {%- set metadata = node.test_metadata or {} -%}
    {%- set given = metadata.get('kwargs') or {} -%}
    {%- if metadata.get('name') == test and column_name is not none and (node.column_name or given.get('column_name') or '') | lower == column_name | lower -%}
      {%- do return(true) -%}
    {%- elif test == 'unique' and wanted | length > 1 and metadata.get('name') == 'unique_combination_of_columns'
          and (given.get('combination_of_columns') or []) | map('lower') | sort | list == wanted -%}
      {%- do return(true) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- do return(false) -%}
{%- endmacro %}
