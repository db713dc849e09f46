/** One connection to the PostgreSQL behind the double, spoken to in whole messages. */
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import {
  type ErrorFields,
  errorFields,
  type Field,
  int32,
  type Message,
  MessageReader,
  message,
  RedshiftError,
  type Row,
  readFields,
  readRow,
} from './messages.ts';

export interface Answer {
  fields: Field[];
  rows: Row[];
  /** `INSERT 0 3`; empty where there was none. */
  tag: string;
  error?: ErrorFields;
}

export interface AskOptions {
  /** Called with each message in place of keeping it; ReadyForQuery excepted. */
  forward?: (message: Message) => void;
  /** What `COPY … FROM STDIN` is fed with. */
  copyIn?: AsyncIterable<string>;
}

/** What `pg` keeps inside: its socket, once it has logged on. */
interface Insides {
  connection: { stream: Socket };
  processID: number;
  secretKey: number;
}

export class Backend {
  /** `I` idle, `T` in a transaction, `E` in one that failed. */
  status = 'I';
  /** Takes messages that nobody waits for: those of the extended protocol, and errors that end the connection. */
  unasked: (message: Message) => void = () => {};
  private waiting: ((message: Message) => void) | undefined;
  /** Ends what waits for an answer when the connection ends. */
  private lost: () => void = () => {};

  private constructor(
    private readonly stream: Socket,
    readonly pid: number,
    readonly secret: number,
  ) {
    const reader = new MessageReader();
    stream.on('data', (bytes: Buffer) => {
      for (const next of reader.push(bytes)) {
        if (next.type === 'Z') this.status = String.fromCharCode(next.body[0] as number);
        (this.waiting ?? this.unasked)(next);
      }
    });
    stream.once('close', () => this.lost());
  }

  static async connect(url: string): Promise<Backend> {
    // pg knows every way of logging on; afterwards its socket is ours
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { connection, processID, secretKey } = client as unknown as Insides;
    const { stream } = connection;
    for (const event of ['data', 'end', 'close', 'error']) stream.removeAllListeners(event);
    stream.on('error', () => {});
    return new Backend(stream, processID, secretKey);
  }

  onClose(then: () => void): void {
    this.stream.once('close', then);
  }

  send(bytes: Buffer): void {
    if (this.stream.writable) this.stream.write(bytes);
  }

  /** Runs one text by the simple protocol; an error of the server is part of the answer. */
  ask(sql: string, { forward, copyIn }: AskOptions = {}): Promise<Answer> {
    return new Promise((resolve) => {
      const answer: Answer = { fields: [], rows: [], tag: '' };
      this.waiting = (next) => {
        if (next.type === 'Z') {
          this.waiting = undefined;
          resolve(answer);
          return;
        }
        if (next.type === 'E') answer.error = errorFields(next.body);
        if (next.type === 'C') answer.tag = next.body.toString('utf8', 0, next.body.length - 1);
        if (next.type === 'T') answer.fields = readFields(next.body);
        if (next.type === 'G') void this.feed(copyIn);
        else if (forward !== undefined) forward(next);
        else if (next.type === 'D') answer.rows.push(readRow(next.body));
      };
      this.lost = () => {
        const error = { code: '57P01', message: 'terminating connection due to administrator command' };
        resolve({ ...answer, error: { severity: 'FATAL', ...error } });
      };
      this.send(message('Q', `${sql}\0`));
    });
  }

  /** As `ask`, for what must succeed: throws the server's error. */
  async must(sql: string, options: AskOptions = {}): Promise<Answer> {
    const answer = await this.ask(sql, options);
    if (answer.error !== undefined) throw new RedshiftError(answer.error);
    return answer;
  }

  /** Resolves at the next ReadyForQuery; until then messages go to `unasked`. */
  untilReady(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = (next) => {
        this.unasked(next);
        if (next.type !== 'Z') return;
        this.waiting = undefined;
        resolve();
      };
      this.lost = resolve;
    });
  }

  end(): void {
    this.send(message('X'));
    this.stream.end();
  }

  destroy(): void {
    this.stream.destroy();
  }

  private async feed(copyIn: AsyncIterable<string> | undefined): Promise<void> {
    try {
      for await (const piece of copyIn ?? [])
        if (!this.stream.write(message('d', piece)))
          await new Promise<void>((resolve) => this.stream.once('drain', resolve));
      this.send(message('c'));
    } catch (error) {
      this.send(message('f', `${error instanceof Error ? error.message : String(error)}\0`));
    }
  }
}

/** The protocol's CancelRequest: a connection of its own, no answer. */
export function cancelBackend(
  { host, port }: { host: string; port: number },
  pid: number,
  secret: number,
): void {
  const socket = connect(port, host, () => {
    socket.end(int32(16, 80_877_102, pid, secret));
  });
  socket.on('error', () => {});
}
