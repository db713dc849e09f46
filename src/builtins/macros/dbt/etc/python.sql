{#- What a Python model is wrapped in. sq does not run such models; these are here for macros that call them. -#}
{% macro resolve_model_name(input_model_name) -%}
  {%- do return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) -%}
{%- endmacro %}

{% macro default__resolve_model_name(input_model_name) -%}
  {{- input_model_name | string | replace('"', '\\"') -}}
{%- endmacro %}

{#- A Python function `ref` that knows the relations of the model's refs. -#}
{% macro build_ref_function(model) -%}
  {%- set relations = {} -%}
  {%- for one in model.refs -%}
    {%- set words = [one.package, one.name] if one.get('package') else [one.name] -%}
    {%- set found = ref(*words, v=one.get('version')) -%}
    {%- set key = words + (['v' ~ one.version] if one.get('version') else []) -%}
    {%- do relations.update({key | join('.'): resolve_model_name(found)}) -%}
  {%- endfor -%}
def ref(*args, **kwargs):
    version = kwargs.get("v") or kwargs.get("version")
    key = ".".join(args) + (f".v{version}" if version else "")
    return kwargs["dbt_load_df_function"]({{ relations | tojson }}[key])
{% endmacro %}

{#- A Python function `source` that knows the relations of the model's sources. -#}
{% macro build_source_function(model) -%}
  {%- set relations = {} -%}
  {%- for one in model.sources -%}
    {%- do relations.update({one | join('.'): resolve_model_name(source(*one))}) -%}
  {%- endfor -%}
def source(*args, dbt_load_df_function):
    return dbt_load_df_function({{ relations | tojson }}[".".join(args)])
{% endmacro %}

{% macro build_config_dict(model) -%}
  {%- set values = {} -%}
  {%- for key in model.config.get('config_keys_used') or [] -%}
    {%- do values.update({key: model.config.get(key)}) -%}
  {%- endfor -%}
config_dict = {{ values }}
meta_dict = {{ model.config.get('meta') or {} }}
{% endmacro %}

{% macro py_script_postfix(model) -%}
{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}
{{ py_script_comment() }}
{%- endmacro %}

{#- For projects to fill: text at the end of the script. -#}
{% macro py_script_comment() -%}
{%- endmacro %}
