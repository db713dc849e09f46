/** The Data API: statements, sessions, results. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { World } from '../world.ts';
import { AwsError, notFound, validation } from './errors.ts';
import { columnMetadata, csvRecords, field } from './fields.ts';
import { checkSeconds, checkStatementRequest, type StatementRequest } from './requests.ts';
import { ApiStatement, AS_TEXT, type Part } from './statement.ts';

export interface ServiceOptions {
  clusterId: string;
  workgroup: string;
  secretArn: string;
  administrator: string;
  pageSize: number;
  maxActiveStatements: number;
  maxSessions: number;
}

interface Session {
  id: string;
  client: pg.Client | undefined;
  user: string;
  keepAlive: number;
  busy: boolean;
  createdAt: number;
  updatedAt: number;
  timer?: NodeJS.Timeout;
}

interface Lookup {
  Id: string;
  NextToken?: string;
  WaitTimeSeconds?: number;
}

/** Seconds a client token is remembered. */
const TOKEN_SECONDS = 8 * 3600;

export class DataApiService {
  private readonly statements = new Map<string, ApiStatement>();
  private readonly sessions = new Map<string, Session>();
  private readonly tokens = new Map<string, { id: string; at: number }>();

  constructor(
    private readonly world: World,
    private readonly port: number,
    private readonly options: ServiceOptions,
    /** The application name by which a connection of this service is let in without a password. */
    private readonly pass: string,
  ) {}

  /** The operations by name; each takes the request and answers JSON text or a value. */
  readonly operations: Readonly<Record<string, (request: never) => Promise<unknown>>> = {
    ExecuteStatement: (request: StatementRequest) =>
      this.start({ ...request, Sqls: undefined } as StatementRequest),
    BatchExecuteStatement: (request: StatementRequest) =>
      this.start({ ...request, Sqls: request.Sqls ?? [] }),
    DescribeStatement: (request: Lookup) => this.describe(request),
    GetStatementResult: (request: Lookup) => this.result(request, 'JSON'),
    GetStatementResultV2: (request: Lookup) => this.result(request, 'CSV'),
    CancelStatement: (request: Lookup) => this.cancel(request),
    ListStatements: (request: {
      Status?: string;
      MaxResults?: number;
      NextToken?: string;
      StatementName?: string;
    }) => this.list(request),
    ListSessions: (request: {
      MaxResults?: number;
      NextToken?: string;
      Status?: string;
      SessionId?: string;
    }) => this.listSessions(request),
  };

  async stop(): Promise<void> {
    for (const session of this.sessions.values()) this.closeSession(session);
    await Promise.allSettled([...this.statements.values()].map(({ done }) => done));
  }

  private async start(request: StatementRequest): Promise<unknown> {
    checkStatementRequest(request, { ...this.options, database: this.world.database });
    const known = request.ClientToken === undefined ? undefined : this.tokens.get(request.ClientToken);
    if (known !== undefined && Date.now() / 1000 - known.at < TOKEN_SECONDS) {
      const earlier = this.statements.get(known.id) as ApiStatement;
      await this.wait(earlier, request.WaitTimeSeconds);
      return this.started(earlier);
    }
    const active = [...this.statements.values()].filter(({ ended }) => !ended).length;
    if (active >= this.options.maxActiveStatements)
      throw new AwsError(
        'ActiveStatementsExceededException',
        'Active statements exceeded the allowed quota (500).',
      );
    const session = this.sessionOf(request);
    const statement = new ApiStatement(request, session?.id, () => this.world.nextQueryId());
    this.statements.set(statement.id, statement);
    if (request.ClientToken !== undefined)
      this.tokens.set(request.ClientToken, { id: statement.id, at: Date.now() / 1000 });
    void this.run(statement, session);
    await this.wait(statement, request.WaitTimeSeconds);
    return this.started(statement);
  }

  private async run(statement: ApiStatement, session: Session | undefined): Promise<void> {
    if (session === undefined) {
      await statement.run(
        () => this.connect(this.userOf(statement.request), statement.request.Database as string),
        (client) => client.end(),
      );
      return;
    }
    await statement.run(
      async () => {
        if (session.client === undefined) {
          const { user } = session;
          session.client = await this.connect(user, statement.request.Database ?? this.world.database);
          // the session ends with its connection
          session.client.once('end', () => this.closeSession(session));
        }
        return session.client;
      },
      async () => {},
    );
    session.busy = false;
    session.updatedAt = Date.now() / 1000;
    session.timer = setTimeout(() => this.closeSession(session), session.keepAlive * 1000);
    session.timer.unref();
    if (session.client === undefined) this.closeSession(session);
  }

  /** The session of a request: a new one, or one that stands ready. */
  private sessionOf(request: StatementRequest): Session | undefined {
    if (request.SessionId !== undefined) {
      const session = this.sessions.get(request.SessionId);
      if (session === undefined)
        throw notFound(`Session ${request.SessionId} does not exist.`, request.SessionId);
      if (session.busy) throw validation(`Session is not available. Session ${session.id} is BUSY.`);
      session.busy = true;
      session.keepAlive = request.SessionKeepAliveSeconds ?? session.keepAlive;
      clearTimeout(session.timer);
      return session;
    }
    if (request.SessionKeepAliveSeconds === undefined) return undefined;
    if (this.sessions.size >= this.options.maxSessions)
      throw new AwsError(
        'ActiveSessionsExceededException',
        'Active sessions exceeded the allowed quota (500).',
      );
    const at = Date.now() / 1000;
    const session = {
      id: randomUUID(),
      client: undefined,
      user: this.userOf(request),
      keepAlive: request.SessionKeepAliveSeconds,
      busy: true,
      createdAt: at,
      updatedAt: at,
    };
    this.sessions.set(session.id, session);
    return session;
  }

  private closeSession(session: Session): void {
    clearTimeout(session.timer);
    this.sessions.delete(session.id);
    session.client?.end().catch(() => {});
  }

  private userOf({ DbUser, SecretArn, ClusterIdentifier }: StatementRequest): string {
    if (SecretArn !== undefined) {
      if (SecretArn !== this.options.secretArn)
        throw validation(
          `Secret ${SecretArn} cannot be found. Secrets Manager can't find the specified secret.`,
        );
      return this.options.administrator;
    }
    return DbUser ?? (ClusterIdentifier === undefined ? 'IAMR:sq' : 'IAM:sq');
  }

  private async connect(user: string, database: string): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: this.port,
      user,
      database,
      application_name: this.pass,
      types: AS_TEXT as never,
    });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  private started(statement: ApiStatement): Record<string, unknown> {
    const { request, whole } = statement;
    return {
      Id: statement.id,
      CreatedAt: whole.CreatedAt,
      ClusterIdentifier: request.ClusterIdentifier,
      WorkgroupName: request.WorkgroupName,
      Database: request.Database,
      DbUser: request.DbUser,
      SecretArn: request.SecretArn,
      SessionId: statement.sessionId,
      Status: whole.Status,
      HasResultSet: whole.HasResultSet,
      ...(statement.pid === 0 ? {} : { RedshiftPid: statement.pid }),
    };
  }

  private async wait(statement: ApiStatement, seconds = 0): Promise<void> {
    if (seconds === 0 || statement.ended) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([statement.done, late]);
    clearTimeout(timer);
  }

  private find(id: string): { statement: ApiStatement; part: Part } {
    if (!/^[\w-]{36}(:\d+)?$/.test(id ?? ''))
      throw validation(`id must satisfy regex pattern: [a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?`);
    const statement = this.statements.get(id.split(':')[0] as string);
    const part = statement?.find(id);
    if (statement === undefined || part === undefined) throw notFound('Query does not exist.', id);
    return { statement, part };
  }

  private async describe({ Id, WaitTimeSeconds }: Lookup): Promise<unknown> {
    checkSeconds('waitTimeSeconds', WaitTimeSeconds, 30);
    const { statement, part } = this.find(Id);
    await this.wait(statement, WaitTimeSeconds);
    return {
      ...this.started(statement),
      ...told(part),
      RedshiftPid: statement.pid,
      ResultFormat: statement.request.ResultFormat ?? 'JSON',
      QueryParameters: statement.request.Parameters,
      ...(statement.parts === undefined || part !== statement.whole
        ? {}
        : { SubStatements: statement.parts.map(told) }),
    };
  }

  private async result({ Id, NextToken, WaitTimeSeconds }: Lookup, format: 'JSON' | 'CSV'): Promise<unknown> {
    checkSeconds('waitTimeSeconds', WaitTimeSeconds, 30);
    const { statement, part } = this.find(Id);
    await this.wait(statement, WaitTimeSeconds);
    if (part.Status !== 'FINISHED')
      throw notFound(`Query is not in FINISHED state. Current state: ${part.Status}`, Id);
    if (!part.HasResultSet)
      throw notFound('Query does not have result. Please check query status with DescribeStatement.', Id);
    const wanted = statement.request.ResultFormat ?? 'JSON';
    if (wanted !== format)
      throw validation(
        `Query result is in ${wanted} format: use ${wanted === 'CSV' ? 'GetStatementResultV2' : 'GetStatementResult'}`,
      );
    const { pageSize } = this.options;
    const from = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(from)) throw validation('Invalid NextToken');
    const rows = part.rows.slice(from, from + pageSize);
    const more = from + pageSize < part.rows.length ? { NextToken: String(from + pageSize) } : {};
    const about = {
      ColumnMetadata: part.fields.map(columnMetadata),
      TotalNumRows: part.rows.length,
      ...more,
    };
    if (format === 'CSV') {
      const names = from === 0 ? part.fields.map(({ name }) => name) : undefined;
      return { ...about, ResultFormat: 'CSV', Records: [{ CSVRecords: csvRecords(names, rows) }] };
    }
    const records = rows.map(
      (row) => `[${row.map((value, at) => field(value, part.fields[at]?.dataTypeID ?? 25)).join(',')}]`,
    );
    return `${JSON.stringify(about).slice(0, -1)},"Records":[${records.join(',')}]}`;
  }

  private async cancel({ Id }: Lookup): Promise<unknown> {
    const { statement } = this.find(Id);
    if (statement.ended)
      throw validation(
        `Could not cancel a query that is already in ${statement.whole.Status} state with ID: ${Id}`,
      );
    statement.abort();
    if (statement.pid !== 0) await this.world.admin.query('select pg_cancel_backend($1)', [statement.pid]);
    return { Status: true };
  }

  private async list({
    Status = 'FINISHED',
    MaxResults = 100,
    NextToken,
    StatementName,
  }: {
    Status?: string;
    MaxResults?: number;
    NextToken?: string;
    StatementName?: string;
  }): Promise<unknown> {
    const found = [...this.statements.values()]
      .filter(({ whole }) => Status === 'ALL' || whole.Status === Status)
      .filter(
        ({ request }) => StatementName === undefined || request.StatementName?.startsWith(StatementName),
      )
      .reverse()
      .map(({ id, whole, parts, request, sessionId }) => ({
        Id: id,
        Status: whole.Status,
        QueryString: whole.QueryString === '' ? undefined : whole.QueryString,
        QueryStrings: request.Sqls,
        StatementName: request.StatementName,
        CreatedAt: whole.CreatedAt,
        UpdatedAt: whole.UpdatedAt,
        IsBatchStatement: parts !== undefined,
        SessionId: sessionId,
        SecretArn: request.SecretArn,
      }));
    return paged('Statements', found, { MaxResults, NextToken });
  }

  private async listSessions({
    MaxResults = 100,
    NextToken,
    Status,
    SessionId,
  }: {
    MaxResults?: number;
    NextToken?: string;
    Status?: string;
    SessionId?: string;
  }): Promise<unknown> {
    const found = [...this.sessions.values()]
      .map(({ id, busy, createdAt, updatedAt, keepAlive }) => ({
        SessionId: id,
        SessionStatus: busy ? 'BUSY' : 'AVAILABLE',
        Status: busy ? 'BUSY' : 'AVAILABLE',
        CreatedAt: createdAt,
        UpdatedAt: updatedAt,
        SessionTtl: updatedAt + keepAlive,
        Database: this.world.database,
      }))
      .filter(
        (session) =>
          (Status === undefined || session.Status === Status) &&
          (SessionId === undefined || session.SessionId === SessionId),
      );
    return paged('Sessions', found, { MaxResults, NextToken });
  }
}

function paged(
  name: string,
  all: readonly unknown[],
  { MaxResults, NextToken }: { MaxResults: number; NextToken?: string | undefined },
): unknown {
  const from = Number(NextToken ?? 0);
  const more = from + MaxResults < all.length ? { NextToken: String(from + MaxResults) } : {};
  return { [name]: all.slice(from, from + MaxResults), ...more };
}

function told({ fields: _, rows: __, ...part }: Part): Record<string, unknown> {
  return part;
}
