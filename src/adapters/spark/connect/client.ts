/** Spark Connect over gRPC: plans go there, Arrow batches come back. Field numbers are the protocol's. */
import { randomUUID } from 'node:crypto';
import type { Client, ServiceError } from '@grpc/grpc-js';
import type { Vector } from 'apache-arrow';
import type { QueryResult, Value } from '../../contract.ts';
import type { ConnectAccess } from './access.ts';
import { columnsOf, readRows } from './arrow-rows.ts';
import { ConnectError, connectError } from './connect-error.ts';
import type { SparkModules } from './modules.ts';
import { carryOut } from './operation.ts';
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

export { ConnectError } from './connect-error.ts';

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
/** ExecutePlanRequest.RequestOption: the answers can be asked for again. */
const REATTACHABLE = encode([[1, encode([[1, 1]])]]);
const same = (bytes: Buffer): Buffer => bytes;

type Metadata = InstanceType<SparkModules['grpc']['Metadata']>;

export class ConnectClient {
  private readonly client: Client;
  private readonly metadata: Metadata;
  /** By session: the server's own id of it. One that has begun anew, and knows nothing of the session, says so. */
  private readonly servers = new Map<string, string>();

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
    await this.execute(
      encode([[1, relation]]),
      sessionId,
      execution,
      (batch) => {
        const table = this.modules.arrow.tableFromIPC(new Uint8Array(batch));
        columns ??= columnsOf(this.modules, table);
        readRows(this.modules, table, rows, limit);
      },
      true,
    );
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
    this.servers.delete(sessionId);
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

  private async execute(
    plan: Buffer,
    sessionId: string,
    execution: Execution,
    onBatch: (arrow: Buffer) => void,
    reads = false,
  ): Promise<void> {
    const who = this.who(sessionId);
    const known = this.servers.get(sessionId);
    const { operation } = execution;
    let cancel = () => {};
    let abandoned = false;
    execution.abandon = () => {
      abandoned = true;
      cancel();
    };
    try {
      await carryOut({
        begin: encode([
          ...who,
          [3, plan],
          [4, 'sq'],
          [5, REATTACHABLE],
          [6, operation],
          ...(known === undefined ? [] : [[8, known] as Field]),
        ]),
        resume: (last) =>
          encode([...who, [3, operation], [4, 'sq'], ...(last === undefined ? [] : [[5, last] as Field])]),
        stream: (method, request, onAnswer) =>
          this.stream(method, request, {
            onAnswer,
            began: (stop) => {
              cancel = stop;
              if (abandoned) stop();
            },
          }),
        onAnswer: (answer) => {
          const server = answer.text(15);
          if (server !== '') this.servers.set(sessionId, server);
          const progress = answer.message(18);
          if (progress !== undefined) execution.tasks = progress.number(2);
          const batch = answer.message(2)?.bytes(2);
          if (batch !== undefined) onBatch(batch);
        },
        renew: async (error) => (await this.address.access?.renew(error)) ?? false,
        explain: async (error) => (await this.address.access?.explain(error)) ?? error,
        abandoned: () => abandoned,
        reads,
      });
    } finally {
      // what it kept for us; nobody waits for it, and it forgets by itself after minutes
      this.call('ReleaseExecute', [...who, [3, operation], [4, 'sq'], [5, encode([])]]).catch(
        () => undefined,
      );
    }
  }

  private stream(
    method: string,
    request: Buffer,
    { onAnswer, began }: { onAnswer: (answer: Message) => void; began: (stop: () => void) => void },
  ): Promise<void> {
    return this.withHeaders(
      (metadata) =>
        new Promise((resolve, reject) => {
          const stream = this.client.makeServerStreamRequest(SERVICE + method, same, same, request, metadata);
          began(() => stream.cancel());
          stream.on('data', (bytes: Buffer) => {
            try {
              onAnswer(new Message(bytes));
            } catch (error) {
              reject(error);
              stream.cancel();
            }
          });
          stream.on('error', (error: ServiceError) => reject(connectError(error)));
          stream.on('end', () => resolve());
        }),
    );
  }

  /** Every such call can be made twice. */
  private async call(method: string, fields: readonly Field[]): Promise<Message> {
    const { access } = this.address;
    try {
      return await this.once(method, fields);
    } catch (error) {
      if (access === undefined || !(error instanceof ConnectError)) throw error;
      if (!(await access.renew(error))) throw await access.explain(error);
      return await this.once(method, fields).catch(async (again) => {
        throw again instanceof ConnectError ? await access.explain(again) : again;
      });
    }
  }

  private once(method: string, fields: readonly Field[]): Promise<Message> {
    return this.withHeaders(
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

  private async withHeaders<T>(call: (metadata: Metadata) => Promise<T>): Promise<T> {
    const { access } = this.address;
    if (access === undefined) return call(this.metadata);
    const used = await access.headers();
    const metadata = new this.modules.grpc.Metadata();
    for (const [name, value] of Object.entries(used)) metadata.set(name, value);
    try {
      return await call(metadata);
    } catch (error) {
      if (error instanceof ConnectError) error.used = used;
      throw error;
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
