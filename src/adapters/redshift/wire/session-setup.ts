/**
 * What is set on every connection, by SET after the log-on: as a startup parameter Redshift refuses what it
 * does not know and ends the connection (lock_timeout, IntervalStyle …).
 */
import { literal } from '../dialect-literal.ts';
import type { RedshiftSettings } from '../settings.ts';

type SetupSettings = Pick<RedshiftSettings, 'queryGroup' | 'statementTimeout' | 'role'>;

export function sessionSetup({ queryGroup, statementTimeout, role }: SetupSettings): string[] {
  return [
    "set application_name to 'sq'",
    ...(queryGroup === undefined ? [] : [`set query_group to ${literal(queryGroup)}`]),
    ...(statementTimeout === undefined
      ? []
      : [`set statement_timeout to ${Math.round(statementTimeout * 1000)}`]),
    ...(role === undefined ? [] : [`set role ${role}`]),
  ];
}
