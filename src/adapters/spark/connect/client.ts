/** Spark Connect over gRPC: plans go there, Arrow batches come back. Field numbers are the protocol's. */
import { randomUUID } from 'node:crypto';
import type { Client, ServiceError } from '@grpc/grpc-js';
import type { Vector } from 'apache-arrow';
import type { QueryResult, Value } from '../../contract.ts';
import type { ConnectAccess } from './access.ts';
import { columnsOf, readRows } from './arrow-rows.ts';
import type { SparkModules } from './modules.ts';
import { encode, type Field, Message } from './protobuf.ts';

export interface ConnectAddress {
  host: string;
  port: number;
  user: string;
  /** Sent as a bearer token, over TLS. */
  token: string | undefined;
  tls: boolean;
  /** Authorities of the server's certificate in PEM form; Node's own list otherwise. */
  ca?: Buffer;
  /** In the token's place, where that changes. */
  access?: ConnectAccess;
}

/** What the server said of a failed call. */
export class ConnectError extends Error {
  constructor(
    message: string,
    readonly grpcCode: number,
    readonly sqlState: string | undefined,
    readonly errorClass: string | undefined,
  ) {
    super(message);
  }
}

/** A statement on its way: what the server tells of it meanwhile, and how to stop listening. */
export interface Execution {
  readonly operation: string;
  /** Tasks that executors work on, as of the server's last report. */
  tasks: number;
  /** Ends the call here; the server is not told. */
  abandon(): void;
}

const SERVICE = '/spark.connect.SparkConnectService/';
const CANCEL_OPERATION = 3;
const ANSWER_MS = 60_000;
/** What Spark says of a request whose operation it has, or had. */
const KNOWN_ALREADY = new Set([
  'INVALID_HANDLE.OPERATION_ALREADY_EXISTS',
  'INVALID_HANDLE.OPERATION_ABANDONED',
  'INVALID_CURSOR.NOT_REATTACHABLE',
]);
const same = (bytes: Buffer): Buffer => bytes;

type Metadata = InstanceType<SparkModules['grpc']['Metadata']>;

export class ConnectClient {
  private readonly client: Client;
  private readonly metadata: Metadata;

  constructor(
    private readonly modules: SparkModules,
    private readonly address: ConnectAddress,
  ) {
    const { grpc } = modules;
    const { host, port, tls, token, ca } = address;
    const credentials = tls ? grpc.credentials.createSsl(ca) : grpc.credentials.createInsecure();
    this.client = new grpc.Client(`${host}:${port}`, credentials, {
      'grpc.max_receive_message_length': 128 * 1024 * 1024,
      'grpc.keepalive_time_ms': 30_000,
    });
    this.metadata = new grpc.Metadata();
    if (token !== undefined) this.metadata.set('authorization', `Bearer ${token}`);
  }

  /** The server's version; fails when nobody listens. */
  async version(sessionId: string): Promise<string> {
    const answer = await this.call('AnalyzePlan', [...this.who(sessionId), [10, encode([])]]);
    return answer.message(8)?.text(1) ?? '';
  }

  /** DDL and DML: run once, at once. */
  async command(sql: string, sessionId: string, execution: Execution = newExecution()): Promise<void> {
    const relation = encode([[10, encode([[1, sql]])]]);
    const command = encode([[5, encode([[6, relation]])]]);
    await this.execute(encode([[2, command]]), sessionId, execution, () => {});
  }

  /** SELECT, SHOW, DESCRIBE. */
  async query(sql: string, sessionId: string, execution: Execution, limit: number): Promise<QueryResult> {
    const relation = encode([[10, encode([[1, sql]])]]);
    const rows: Value[][] = [];
    let columns: QueryResult['columns'] | undefined;
    await this.execute(encode([[1, relation]]), sessionId, execution, (batch) => {
      const table = this.modules.arrow.tableFromIPC(new Uint8Array(batch));
      columns ??= columnsOf(this.modules, table);
      readRows(this.modules, table, rows, limit);
    });
    return { columns: columns ?? [], rows };
  }

  /** Rows of texts under a name that the session's statements can read: columns c1, c2, … */
  async rowsAsView(
    name: string,
    rows: readonly (readonly (string | null)[])[],
    width: number,
    sessionId: string,
    execution: Execution,
  ): Promise<void> {
    const { arrow } = this.modules;
    const columns: Record<string, Vector> = {};
    for (let c = 0; c < width; c++) {
      const cells = rows.map((row) => row[c] ?? null);
      columns[`c${c + 1}`] = arrow.vectorFromArray(cells, new arrow.Utf8());
    }
    const data = arrow.tableToIPC(new arrow.Table(columns), 'stream');
    const relation = encode([[11, encode([[1, data]])]]);
    const view = encode([
      [1, relation],
      [2, name],
      [4, 1],
    ]);
    const plan = encode([[2, encode([[3, view]])]]);
    await this.execute(plan, sessionId, execution, () => {});
  }

  /** Answers whether the server knew the operation. */
  async interrupt(sessionId: string, operationId: string): Promise<boolean> {
    const fields: Field[] = [...this.who(sessionId), [4, CANCEL_OPERATION], [6, operationId]];
    return (await this.call('Interrupt', fields)).text(2) !== '';
  }

  async release(sessionId: string): Promise<void> {
    await this.call('ReleaseSession', this.who(sessionId));
  }

  close(): void {
    this.client.close();
  }

  private who(sessionId: string): Field[] {
    return [
      [1, sessionId],
      [2, encode([[1, this.address.user]])],
    ];
  }

  private execute(
    plan: Buffer,
    sessionId: string,
    execution: Execution,
    onBatch: (arrow: Buffer) => void,
  ): Promise<void> {
    const request = encode([...this.who(sessionId), [3, plan], [4, 'sq'], [6, execution.operation]]);
    return this.letIn((metadata, heard) => this.stream({ request, metadata, heard, execution }, onBatch));
  }

  private stream(
    {
      request,
      metadata,
      heard,
      execution,
    }: { request: Buffer; metadata: Metadata; heard: () => void; execution: Execution },
    onBatch: (arrow: Buffer) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = this.client.makeServerStreamRequest(
        `${SERVICE}ExecutePlan`,
        same,
        same,
        request,
        metadata,
      );
      // what stands before the server and refuses a call may answer with a page of its own
      stream.on('metadata', (headers: Metadata) => {
        if (/^application\/grpc/.test(String(headers.get('content-type')[0]))) heard();
      });
      execution.abandon = () => stream.cancel();
      stream.on('data', (bytes: Buffer) => {
        const answer = new Message(bytes);
        const progress = answer.message(18);
        if (progress !== undefined) execution.tasks = progress.number(2);
        const batch = answer.message(2)?.bytes(2);
        try {
          if (batch !== undefined) onBatch(batch);
        } catch (error) {
          reject(error);
          stream.cancel();
        }
      });
      stream.on('error', (error: ServiceError) => reject(connectError(error)));
      stream.on('end', () => resolve());
    });
  }

  private call(method: string, fields: readonly Field[]): Promise<Message> {
    return this.letIn(
      (metadata) =>
        new Promise((resolve, reject) => {
          this.client.makeUnaryRequest(
            SERVICE + method,
            same,
            same,
            encode(fields),
            metadata,
            // what is asked so is answered at once: a server that does not is gone
            { deadline: Date.now() + ANSWER_MS },
            (error: ServiceError | null, answer?: Buffer) => {
              if (error) reject(connectError(error));
              else resolve(new Message(answer ?? Buffer.alloc(0)));
            },
          );
        }),
    );
  }

  /**
   * Makes a call with the headers that let it in. One that was refused before the server said anything is made once
   * more with new headers, under the same operation id: where the server had begun with it all the same, it says so.
   */
  private async letIn<T>(call: (metadata: Metadata, heard: () => void) => Promise<T>): Promise<T> {
    const { access } = this.address;
    if (access === undefined) return call(this.metadata, () => {});
    let refused: ConnectError | undefined;
    for (;;) {
      const metadata = new this.modules.grpc.Metadata();
      for (const [name, value] of Object.entries(await access.headers())) metadata.set(name, value);
      let began = false;
      const heard = () => {
        began = true;
      };
      try {
        return await call(metadata, heard);
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error;
        if (refused !== undefined && KNOWN_ALREADY.has(error.errorClass ?? ''))
          throw await access.explain(refused, true);
        if (began || refused !== undefined || !(await access.renew(error)))
          throw await access.explain(error, began);
        refused = error;
      }
    }
  }
}

/** An id for a session. */
export function newId(): string {
  return randomUUID();
}

export function newExecution(): Execution {
  return { operation: newId(), tasks: 0, abandon: () => {} };
}

/** Spark puts SQLSTATE and error class into the trailer, as google.rpc.ErrorInfo. */
function connectError(error: ServiceError): ConnectError {
  const trailer = error.metadata?.get('grpc-status-details-bin')?.[0];
  const facts = new Map<string, string>();
  if (trailer instanceof Buffer) {
    for (const detail of new Message(trailer).messages(3)) {
      if (!detail.text(1).endsWith('ErrorInfo')) continue;
      for (const entry of detail.message(2)?.messages(3) ?? []) facts.set(entry.text(1), entry.text(2));
    }
  }
  return new ConnectError(
    error.details || error.message,
    error.code,
    facts.get('sqlState'),
    facts.get('errorClass'),
  );
}
