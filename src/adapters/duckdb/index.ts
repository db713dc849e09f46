/** DuckDB, the embedded engine: a file (or memory), no server. */
import type { Adapter } from '../contract.ts';
import { duckDbDialect } from './dialect.ts';
import { sourceFragment } from './load/source-fragment.ts';
import { duckDbSettings } from './settings.ts';

export const adapter: Adapter = {
  type: 'duckdb',
  /** The dbt-duckdb release whose behaviour is kept; shown in `Registered adapter:`. */
  version: '1.11.1',
  dialect: duckDbDialect,
  macroFolders: ['dbt_duckdb'],
  sourceFragment,
  settings: duckDbSettings,
  open: async (settings, options) => {
    const { openDuckDb } = await import('./driver.ts');
    return openDuckDb(settings, options);
  },
};
