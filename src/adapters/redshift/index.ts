/** Amazon Redshift, provisioned and serverless, by the wire protocol or the Data API. */
import type { Adapter } from '../contract.ts';
import { redshiftDialect } from './dialect.ts';
import { openSessions } from './open-sessions.ts';
import { redshiftSettings } from './settings.ts';

export const adapter: Adapter = {
  type: 'redshift',
  /** The dbt-redshift release whose behaviour is kept; shown in `Registered adapter:`. */
  version: '1.11.0',
  dialect: redshiftDialect,
  macroFolders: ['dbt_redshift'],
  settings: redshiftSettings,
  open: openSessions,
  checks: async function* (settings, options) {
    const { redshiftChecks } = await import('./debug-checks.ts');
    yield* redshiftChecks(settings, options);
  },
};
