/** Amazon Redshift, provisioned and serverless, by the wire protocol or the Data API. */
import type { Adapter } from '../contract.ts';
import { redshiftDialect } from './dialect.ts';
import { withQueryGroups } from './query-group.ts';
import { type RedshiftSettings, redshiftSettings } from './settings.ts';

export const adapter: Adapter = {
  type: 'redshift',
  /** The dbt-redshift release whose behaviour is kept; shown in `Registered adapter:`. */
  version: '1.11.0',
  dialect: redshiftDialect,
  macroFolders: ['dbt_redshift'],
  settings: redshiftSettings,
  open: async (settings, options) => {
    const { driver, queryGroup } = settings.own as RedshiftSettings;
    if (driver === 'data_api') {
      const { openDataApi } = await import('./data-api/open-data-api.ts');
      return withQueryGroups(openDataApi(settings, options), queryGroup);
    }
    const { openWire } = await import('./wire/open-wire.ts');
    return withQueryGroups(await openWire(settings, options), queryGroup);
  },
};
