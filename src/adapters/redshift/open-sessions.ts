/** Opens the driver that the profile chooses; it is read from disk when it is needed. */
import type { Driver, OpenOptions, Settings } from '../contract.ts';
import { withQueryGroups } from './query-group.ts';
import type { RedshiftSettings } from './settings.ts';

export async function openSessions(settings: Settings, options: OpenOptions): Promise<Driver> {
  const { driver, queryGroup } = settings.own as RedshiftSettings;
  if (driver === 'data_api') {
    const { openDataApi } = await import('./data-api/open-data-api.ts');
    return withQueryGroups(openDataApi(settings, options), queryGroup);
  }
  const { openWire } = await import('./wire/open-wire.ts');
  return withQueryGroups(await openWire(settings, options), queryGroup);
}
