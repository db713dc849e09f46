/** What to do about errors of Redshift that people meet (redshift.md §3.6, dbt-redshift's issues). */
import { reservedWordHint } from './reserved-words.ts';

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /cannot drop .* because other objects depend on it/i,
    'views bound to it hold it: make them late binding (bind: false, the default of sq) or set `drop_cascade: true` on this model, which drops them too',
  ],
  [
    /1023\b|serializable isolation violation/i,
    'another session wrote to the same tables; run it again, and if it happens often: alter database <name> isolation level snapshot',
  ],
  [
    /could not open relation with OID|conflict with concurrent transaction|dropped by concurrent transaction/i,
    'another session dropped or renamed a table that this statement used; run it again',
  ],
  [
    /found multiple matches to update the same tuple/i,
    'the new rows hold one key several times: make unique_key name the whole key, or keep one row per key in the model',
  ],
  [
    /check '?(?:stl_load_errors|sys_load_error_detail)'?/i,
    'the reason stands in sys_load_error_detail (stl_load_errors on a provisioned cluster)',
  ],
  [
    /permission denied for (?:schema|database|relation|table|view|language)/i,
    'grant the missing privilege to the user of the profile: grant usage, create on schema <name> to <user>; grant select on <table> to <user>',
  ],
  [
    /not authorized to (?:assume|get credentials)|is not authorized to assume IAM Role/i,
    'attach the IAM role to the cluster or namespace (console: Properties, Associated IAM roles) and name it in copy_iam_role',
  ],
  [
    /ALTER TABLE ALTER COLUMN cannot run inside a (?:multiple commands statement|transaction block)/i,
    'Redshift changes a column outside transactions only: run it as a hook with transaction: false',
  ],
  [
    /value too long for (?:character|type character)/i,
    'VARCHAR(n) counts bytes of UTF-8, not characters: make the column wider, or cut the value',
  ],
  [
    /exceeds? the maximum (?:size|length)|8001\b.*65535/i,
    'a row holds at most 65,535 bytes while it is worked on: use narrower VARCHARs',
  ],
  [/disk full/i, 'free space, or make intermediate results smaller (dist and sort keys that fit the join)'],
  [
    /(?:too many connections|connection limit exceeded|remaining connection slots)/i,
    'use fewer threads, or raise the connection limit of the user: alter user <name> connection limit <n>',
  ],
  [
    /specified types or functions .* not supported on Redshift tables/i,
    'a function of the leader node (generate_series, current_schema, pg_* catalogue) cannot meet data of tables: read its rows into a table of their own',
  ],
  [
    /cancelled by WLM abort action|cancelled on WLM/i,
    'a rule of workload management ended it: see stl_wlm_rule_action, or choose another queue with query_group',
  ],
];

export function statementHint(message: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1] ?? reservedWordHint(message);
}
