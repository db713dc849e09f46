/** The loader of both drivers; it is read from disk when something is loaded. */
import type { Driver, OpenOptions } from '../../contract.ts';
import type { RedshiftSettings } from '../settings.ts';

export function openLoader(
  settings: RedshiftSettings,
  { projectDir, invocation }: OpenOptions,
): NonNullable<Driver['loader']> {
  return async (request, session) => {
    const { createRedshiftLoader } = await import('./loader.ts');
    return createRedshiftLoader({ settings, files: { projectDir, invocation } })(request, session);
  };
}
