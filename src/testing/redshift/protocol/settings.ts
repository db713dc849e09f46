/** Settings: which ones Redshift has, at start and by SET. */
import { failure } from './messages.ts';

/** Settings of PostgreSQL's that Redshift has too. */
const SHARED = new Set([
  'application_name',
  'client_encoding',
  'datestyle',
  'extra_float_digits',
  'search_path',
  'session_authorization',
  'statement_timeout',
  'timezone',
  'transaction_isolation',
  'transaction_read_only',
]);

/** Settings that only Redshift has (DG cm_chap_ConfigurationRef), with their defaults. */
export const OWN_SETTINGS: Readonly<Record<string, string>> = {
  query_group: '',
  wlm_query_slot_count: '1',
  enable_case_sensitive_identifier: 'off',
  enable_result_cache_for_session: 'on',
  describe_field_name_in_uppercase: 'off',
  downcase_delimited_identifier: 'on',
  json_parse_truncate_strings: 'off',
  json_parse_dedup_attributes: 'off',
  mv_enable_aqmv_for_session: 'on',
  navigate_super_null_on_error: 'on',
  parse_super_null_on_error: 'off',
  spectrum_query_maxerror: '-1',
  use_fips_ssl: 'off',
  analyze_threshold_percent: '10',
  cast_super_null_on_error: 'on',
  enable_vacuum_boost: 'off',
  error_on_nondeterministic_update: 'off',
  interval_forbid_composite_literals: 'off',
  max_concurrency_scaling_clusters: '1',
  max_cursor_result_set_size: '0',
  pg_federation_repeatable_read: 'on',
  stored_proc_log_min_messages: 'log',
  spectrum_enable_pseudo_columns: 'on',
  require_ssl: 'off',
};

export function hasSetting(name: string): boolean {
  return SHARED.has(name) || name in OWN_SETTINGS || ['session characteristics'].includes(name);
}

export function unknownSetting(name: string): Error {
  return failure('42704', `unrecognized configuration parameter "${name}"`);
}

/** What drivers send at start beside the settings. */
const NOT_SETTINGS = new Set([
  'user',
  'database',
  'options',
  'replication',
  'client_protocol_version',
  'driver_version',
  'os_version',
  'plugin_name',
  'provider_name',
  'idp_type',
  'token',
  'identity_namespace',
  'token_type',
]);

/** The settings of a start-up message that PostgreSQL is to know; one that Redshift lacks is FATAL. */
export function startupSettings(given: ReadonlyMap<string, string>): Map<string, string> {
  const settings = new Map<string, string>();
  const all = [...given].filter(([name]) => !NOT_SETTINGS.has(name));
  const options = given.get('options') ?? '';
  for (const [, name, value] of options.matchAll(/(?:-c\s*|--)([\w-]+)=((?:\\.|[^\s\\])*)/g))
    all.push([(name as string).replaceAll('-', '_'), (value as string).replace(/\\(.)/g, '$1')]);
  for (const [name, value] of all) {
    const folded = name.toLowerCase();
    if (!hasSetting(folded)) throw unknownSetting(name);
    if (SHARED.has(folded) && folded !== 'client_encoding') settings.set(folded, value);
  }
  return settings;
}
