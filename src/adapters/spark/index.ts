/** Spark 4.0 and later, over Spark Connect. */
import type { Adapter } from '../contract.ts';
import { sparkDialect } from './dialect.ts';
import { sparkSettings } from './settings.ts';

export const adapter: Adapter = {
  type: 'spark',
  /** The dbt-spark release whose names are kept; shown in `Registered adapter:`. */
  version: '1.10.0',
  dialect: sparkDialect,
  macroFolders: ['dbt_spark'],
  settings: sparkSettings,
  open: async (settings, options) => {
    const { openSpark } = await import('./driver.ts');
    return openSpark(settings, options);
  },
};
