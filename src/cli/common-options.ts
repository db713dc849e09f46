/** Options that every command takes: where the project is, how sq logs, and what dbt knows and sq ignores. */
import type { OptionKind, OptionSpec } from './option-spec.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'none'];
const FORMATS = ['text', 'debug', 'json', 'default'];

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'project_dir',
    kind: 'text',
    value: 'folder',
    help: 'folder of dbt_project.yml (default: this folder or the nearest above)',
    group: 'Project and connection',
  },
  {
    name: 'profiles_dir',
    kind: 'text',
    value: 'folder',
    help: 'folder of profiles.yml (default: this folder, then ~/.dbt)',
    group: 'Project and connection',
  },
  {
    name: 'profile',
    kind: 'text',
    value: 'name',
    help: 'profile to use; wins over dbt_project.yml',
    group: 'Project and connection',
  },
  {
    name: 'target',
    kind: 'text',
    short: 't',
    value: 'name',
    help: 'target of the profile to build into',
    group: 'Project and connection',
  },
  {
    name: 'target_path',
    kind: 'text',
    value: 'folder',
    help: 'folder for artefacts (default target)',
    group: 'Project and connection',
  },
  { name: 'debug', kind: 'switch', short: 'd', help: 'show everything, SQL too', group: 'Logging' },
  { name: 'quiet', kind: 'switch', short: 'q', help: 'show errors and results only', group: 'Logging' },
  {
    name: 'log_format',
    kind: 'text',
    choices: FORMATS,
    help: 'json: one object a line, for other programs',
    group: 'Logging',
  },
  {
    name: 'log_format_file',
    kind: 'text',
    choices: FORMATS,
    help: 'format of the log file',
    group: 'Logging',
    hidden: true,
  },
  { name: 'log_level', kind: 'text', choices: LEVELS, help: 'least level that is shown', group: 'Logging' },
  {
    name: 'log_level_file',
    kind: 'text',
    choices: LEVELS,
    help: 'least level in the log file',
    group: 'Logging',
    hidden: true,
  },
  {
    name: 'log_path',
    kind: 'text',
    value: 'folder',
    help: 'folder of dbt.log (default logs)',
    group: 'Logging',
  },
  {
    name: 'log_file_max_bytes',
    kind: 'integer',
    value: 'n',
    help: 'size at which dbt.log is set aside',
    group: 'Logging',
    hidden: true,
  },
  {
    name: 'printer_width',
    kind: 'integer',
    value: 'n',
    help: 'width of progress lines (default 80)',
    group: 'Logging',
    hidden: true,
  },
  {
    name: 'use_colors',
    kind: 'switch',
    help: 'colours (also on pipes; NO_COLOR turns them off)',
    group: 'Logging',
  },
  {
    name: 'use_colors_file',
    kind: 'switch',
    help: 'colours in the log file',
    group: 'Logging',
    hidden: true,
  },
  {
    name: 'print',
    kind: 'switch',
    help: 'whether print() of templates is shown',
    group: 'Logging',
    hidden: true,
  },
  { name: 'warn_error', kind: 'flag', help: 'every warning is an error', group: 'Logging' },
  {
    name: 'warn_error_options',
    kind: 'yaml',
    value: 'yaml',
    help: "which warnings are errors: '{error: all, warn: [NoNodesForSelectionCriteria]}'",
    group: 'Logging',
  },
  {
    name: 'show_all_deprecations',
    kind: 'switch',
    help: 'show every occurrence of a deprecation',
    group: 'Logging',
  },
  {
    name: 'write_json',
    kind: 'switch',
    help: 'whether artefacts are written (default yes)',
    group: 'Logging',
    hidden: true,
  },
  {
    name: 'partial_parse',
    kind: 'switch',
    help: 'whether the parse cache is used (default yes)',
    group: 'Project and connection',
  },
  ...ignored('switch', [
    'cache_selected_only',
    'hints_enabled',
    'log_cache_events',
    'populate_cache',
    'send_anonymous_usage_stats',
    'snowflake_projects_otel',
    'static_parser',
    'upload_to_artifacts_ingest_api',
    'use_experimental_parser',
    'use_v2_parser',
    'version_check',
    'use_fast_test_edges',
    'export_saved_queries',
    'inject_ephemeral_ctes',
  ]),
  ...ignored('flag', ['single_threaded', 'macro_debugging', 'strict']),
  ...ignored('integer', ['maximum_seed_size_mib']),
  ...ignored('text', ['record_timing_info', 'partial_parse_file_path', 'deprecated_favor_state'], {
    record_timing_info: 'r',
  }),
];

/** Options of dbt that mean nothing to sq: taken, kept for `flags.X`, never shown. */
function ignored(
  kind: OptionKind,
  names: readonly string[],
  shorts: Record<string, string> = {},
): OptionSpec[] {
  return names.map((name) => ({
    name,
    kind,
    ...(shorts[name] ? { short: shorts[name] } : {}),
    help: 'without meaning here',
    group: 'Doing',
    hidden: true,
  }));
}
