/** What the connections of one double share. */
import type pg from 'pg';
import type { S3Server } from '../s3-server.ts';
import type { Faults } from './faults.ts';
import type { DoubleUser } from './protocol/auth.ts';
import type { Names } from './sql/names.ts';

/** A statement as it arrived. */
export interface SeenStatement {
  sql: string;
  pid: number;
  queryId: number;
  transaction: number;
  user: string;
  /** The query group. */
  label: string;
  startedAt: Date;
  endedAt?: Date;
  status: 'running' | 'success' | 'failed';
  error?: string;
}

export interface World {
  /** Of the database behind, as a superuser. */
  url: string;
  behind: { host: string; port: number };
  /** What the clients call the database. */
  database: string;
  users: Map<string, DoubleUser>;
  names: Names;
  s3: S3Server;
  faults: Faults;
  seen: SeenStatement[];
  /** Autocommits what must outlive a client's transaction: the system tables. */
  admin: pg.Client;
  /** Names of late-binding views, without their schemas. */
  lateViews: Set<string>;
  region: string;
  /** The application name by which the Data API's own connections are let in; set once, at start. */
  pass: string;
  /** Region of each bucket that is not in the cluster's own. */
  bucketRegions: Readonly<Record<string, string>>;
  /** ARNs of the roles attached to the cluster. */
  roles: readonly string[];
  /** What `IAM_ROLE default` means; undefined when none is set. */
  defaultRole: string | undefined;
  nextQueryId(): number;
  nextTransaction(): number;
}
