/** Requests of the Data API, and what the service refuses before it looks at the database. */
import { splitStatements } from '../sql/tokens.ts';
import { validation } from './errors.ts';

export interface StatementRequest {
  ClusterIdentifier?: string;
  WorkgroupName?: string;
  Database?: string;
  DbUser?: string;
  SecretArn?: string;
  SessionId?: string;
  SessionKeepAliveSeconds?: number;
  ClientToken?: string;
  StatementName?: string;
  ResultFormat?: 'JSON' | 'CSV';
  WaitTimeSeconds?: number;
  Parameters?: { name: string; value: string }[];
  ExecutionMode?: 'TRANSACTION' | 'AUTO_COMMIT';
  Sql?: string;
  Sqls?: string[];
}

const MOST_BYTES = 100 * 1024;
const MOST_STATEMENTS = 40;
const MOST_SECONDS = 24 * 3600;

export function checkStatementRequest(
  request: StatementRequest,
  places: { clusterId: string; workgroup: string; database: string },
): void {
  const { Sqls, SessionId, ClusterIdentifier, WorkgroupName } = request;
  if (Sqls !== undefined && (Sqls.length < 1 || Sqls.length > MOST_STATEMENTS))
    throw constraint(
      'sqls',
      `Member must have length ${Sqls.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_STATEMENTS}`}`,
    );
  for (const sql of Sqls ?? [request.Sql ?? '']) {
    if (sql.trim() === '') throw validation('SQL statement is empty');
    if (Buffer.byteLength(sql) > MOST_BYTES)
      throw validation(`SQL statement size ${Buffer.byteLength(sql)} bytes exceeds the limit of 100 KB`);
    if (splitStatements(sql).length > 1) throw validation('Multiple sql statements are not allowed.');
  }
  if ((request.StatementName ?? '').length > 2048)
    throw constraint('statementName', 'Member must have length less than or equal to 2048');
  if ((request.ClientToken ?? '').length > 64)
    throw constraint('clientToken', 'Member must have length less than or equal to 64');
  checkSeconds('sessionKeepAliveSeconds', request.SessionKeepAliveSeconds, MOST_SECONDS);
  checkSeconds('waitTimeSeconds', request.WaitTimeSeconds, 30);
  for (const parameter of request.Parameters ?? [])
    if (parameter.value === '')
      throw constraint(
        `parameters.${parameter.name}.value`,
        'Member must have length greater than or equal to 1',
      );
  if (SessionId !== undefined) return;
  checkPlace(request, places);
  if (ClusterIdentifier === undefined && WorkgroupName === undefined)
    throw validation('Either ClusterIdentifier or WorkgroupName must be provided');
}

/** Cluster or workgroup, and who: a secret, a database user, or the caller itself. */
function checkPlace(
  { ClusterIdentifier, WorkgroupName, Database, DbUser, SecretArn }: StatementRequest,
  places: { clusterId: string; workgroup: string },
): void {
  if (ClusterIdentifier !== undefined && WorkgroupName !== undefined)
    throw validation('ClusterIdentifier and WorkgroupName cannot both be provided');
  if (Database === undefined) throw validation('Database is required');
  if (DbUser !== undefined && SecretArn !== undefined)
    throw validation('DbUser and SecretArn cannot both be provided');
  if (DbUser !== undefined && WorkgroupName !== undefined)
    throw validation('DbUser is not supported with WorkgroupName');
  if (ClusterIdentifier !== undefined && ClusterIdentifier !== places.clusterId)
    throw validation(`Redshift endpoint doesn't exist in this region. Cluster: ${ClusterIdentifier}`);
  if (WorkgroupName !== undefined && WorkgroupName !== places.workgroup)
    throw validation(`Redshift endpoint doesn't exist in this region. Workgroup: ${WorkgroupName}`);
}

export function checkSeconds(name: string, given: number | undefined, most: number): void {
  if (given !== undefined && (given < 0 || given > most))
    throw constraint(name, `Member must have value less than or equal to ${most}`);
}

function constraint(name: string, text: string): Error {
  return validation(`1 validation error detected: Value at '${name}' failed to satisfy constraint: ${text}`);
}
