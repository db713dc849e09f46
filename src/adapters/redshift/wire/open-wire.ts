/** Redshift by PostgreSQL's protocol, through node-postgres. */
import type { Client } from 'pg';
import type { Driver, OpenOptions, Settings } from '../../contract.ts';
import { PgDriver } from '../../shared/pg/pg-driver.ts';
import { engineError } from '../engine-error.ts';
import { openLoading } from '../load/open-loader.ts';
import type { RedshiftSettings } from '../settings.ts';
import { statementHint } from '../statement-hint.ts';
import { type ConnectOptions, connectClient } from './connect.ts';
import { CredentialSource } from './credentials.ts';
import { queryComment } from './query-comment.ts';

/** Nothing is sent yet: connections are opened when they are needed. */
export async function openWire(settings: Settings, options: OpenOptions): Promise<Driver> {
  const own = settings.own as RedshiftSettings;
  const { invocation } = options;
  const credentials = new CredentialSource(own, {
    now: () => Date.now(),
    keepSecret: (value) => invocation.secrets.add(value),
  });
  const connectOptions: ConnectOptions = { credentials, signal: invocation.signal };
  return new PgDriver({
    type: 'redshift',
    options,
    connect: (): Promise<Client> => connectClient(own, connectOptions),
    hint: (_code, message) => statementHint(message),
    readError: (error, sql, prefix) => engineError(error, sql, [...prefix].length),
    prefix: (owner) => queryComment(own, owner),
    ...openLoading(own, options),
  });
}
