/** PostgreSQL 13 and later. */
import type { Adapter } from '../contract.ts';
import { postgresDialect } from './dialect.ts';
import { postgresSettings } from './settings.ts';

export const adapter: Adapter = {
  type: 'postgres',
  /** The dbt-postgres release whose behaviour is kept; shown in `Registered adapter:`. */
  version: '1.11.0',
  dialect: postgresDialect,
  macroFolders: ['dbt_postgres'],
  settings: postgresSettings,
  open: async (settings, options) => {
    const { openPostgres } = await import('./driver.ts');
    return openPostgres(settings, options);
  },
};
