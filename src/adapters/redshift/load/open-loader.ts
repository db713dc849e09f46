/** What both drivers load with; it is read from disk when something is loaded. */
import type { Driver, OpenOptions } from '../../contract.ts';
import type { RedshiftSettings } from '../settings.ts';

export type Loading = Required<Pick<Driver, 'loader' | 'fillRows' | 'unload'>>;

export function openLoading(settings: RedshiftSettings, { projectDir, invocation }: OpenOptions): Loading {
  const context = { settings, files: { projectDir, invocation } };
  return {
    loader: async (request, session) => {
      const { createRedshiftLoader } = await import('./loader.ts');
      return createRedshiftLoader(context)(request, session);
    },
    unload: async (request, session) => {
      const { unloadRows } = await import('./unload.ts');
      return unloadRows(request, session, context);
    },
    fillRows: async (order, session) => {
      if (settings.s3StagingDir === undefined) return false;
      const { fillByCopy } = await import('./fill-rows.ts');
      return fillByCopy(order, session, context);
    },
  };
}
