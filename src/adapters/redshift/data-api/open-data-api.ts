/** Redshift by the Data API of AWS: no open port, no password on the way. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Driver, OpenOptions, Settings } from '../../contract.ts';
import { openLoading } from '../load/open-loader.ts';
import type { RedshiftSettings } from '../settings.ts';
import { queryComment } from '../wire/query-comment.ts';
import { sessionSetup } from '../wire/session-setup.ts';
import { ApiClient } from './api-client.ts';
import { DataDriver } from './data-driver.ts';
import { Statements } from './statements.ts';

/** Nothing is sent yet. */
export function openDataApi(settings: Settings, options: OpenOptions): Driver {
  const own = settings.own as RedshiftSettings;
  const { signal } = options.invocation;
  const sleep = (milliseconds: number) => pause(milliseconds, undefined, { signal }).catch(() => undefined);
  const api = new ApiClient(own, { signal, random: Math.random, sleep });
  return new DataDriver({
    options,
    api,
    // cancelled statements still have an end to wait for, so this pause is not cut short
    statements: new Statements(api, { sleep: (milliseconds) => pause(milliseconds) }),
    // the application's name is set by the service; statements carry theirs
    setup: sessionSetup(own).filter((sql) => !sql.startsWith('set application_name')),
    prefix: (owner) => queryComment(own, owner),
    ...openLoading(own, options),
  });
}
