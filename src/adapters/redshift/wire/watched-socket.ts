/**
 * The socket that node-postgres gets: already connected (and encrypted), and watched until the server has let
 * the user in. Authentication requests that node-postgres does not know are answered here, or end the
 * connection with an error that says what is asked for; without that they would end the process.
 */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { SqError } from '../../../errors.ts';
import { DIGEST_CODE, digestAnswer, readDigestRequest, TOKEN_CODE } from './digest-auth.ts';

export interface WatchOptions {
  user: string;
  password: string | undefined;
  /** Text of the client's nonce: milliseconds since 1970, as AWS's drivers send. */
  nonce(): string;
}

/** Requests that node-postgres answers: ok, clear text, md5, SASL. */
const KNOWN_CODES = new Set([0, 3, 5, 10, 11, 12]);
const AUTHENTICATION = 'R'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);

export class WatchedSocket extends Duplex {
  /** What has come of a message that is not whole yet; undefined once the user is let in. */
  private pending: Buffer | undefined = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly options: WatchOptions,
  ) {
    super();
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      if (!this.destroyed) this.destroy();
    });
  }

  /** node-postgres connects its stream; this one is connected. */
  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.socket.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, initialDelay?: number): this {
    this.socket.setKeepAlive(on, initialDelay);
    return this;
  }

  ref(): this {
    this.socket.ref();
    return this;
  }

  unref(): this {
    this.socket.unref();
    return this;
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  private receive(chunk: Buffer): void {
    if (this.pending === undefined) {
      this.forward(chunk);
      return;
    }
    let rest = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (rest.length >= 5) {
      const end = 1 + rest.readInt32BE(1);
      if (end < 5) {
        this.letIn(rest);
        return;
      }
      if (rest.length < end) break;
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      const verdict = this.judge(message);
      if (verdict instanceof Error) {
        this.destroy(verdict);
        return;
      }
      if (verdict === 'forward') this.forward(message);
      if (verdict === 'done') {
        this.letIn(Buffer.concat([message, rest]));
        return;
      }
    }
    this.pending = rest;
  }

  /** From here on nothing is looked at. */
  private letIn(rest: Buffer): void {
    this.pending = undefined;
    if (rest.length > 0) this.forward(rest);
  }

  private forward(bytes: Buffer): void {
    if (!this.push(bytes)) this.socket.pause();
  }

  private judge(message: Buffer): 'forward' | 'answered' | 'done' | Error {
    const kind = message[0];
    if (kind === ERROR) return 'done';
    if (kind !== AUTHENTICATION || message.length < 9) return 'forward';
    const code = message.readInt32BE(5);
    if (code === 0) return 'done';
    if (KNOWN_CODES.has(code)) return 'forward';
    if (code === DIGEST_CODE) return this.answerDigest(message.subarray(9));
    return code === TOKEN_CODE ? tokenAsked(this.options.user) : unknownRequest(code);
  }

  private answerDigest(body: Buffer): 'answered' | Error {
    const { password, user } = this.options;
    const request = readDigestRequest(body);
    if (request === undefined || request.algorithm !== 0) return unknownDigest(user, request?.algorithm);
    if (password === undefined) return passwordNeeded(user);
    this.socket.write(digestAnswer(request, password, Buffer.from(this.options.nonce(), 'utf8')));
    return 'answered';
  }
}

function tokenAsked(user: string): SqError {
  return refusal(
    `The server asks user '${user}' for a token of an identity provider (authentication request 14), which sq does not send.`,
    'use a database user with a password, method: iam or iam_role, or secret_arn',
  );
}

function unknownRequest(code: number): SqError {
  return refusal(
    `The server asks for a way of logging on that sq does not know (authentication request ${code}).`,
    'use a database user with a password, method: iam or iam_role, or driver: data_api',
  );
}

function unknownDigest(user: string, algorithm: number | undefined): SqError {
  const what = algorithm === undefined ? 'in a form that sq cannot read' : `with algorithm ${algorithm}`;
  return refusal(
    `The server asks user '${user}' for a digest of the password ${what}; sq knows SHA-256.`,
    "give the user an md5 password (alter user … password 'md5…'), or use method: iam or driver: data_api",
  );
}

function passwordNeeded(user: string): SqError {
  return refusal(
    `The server asks for the password of user '${user}', and the profile has none.`,
    'add password (from env_var), or secret_arn',
  );
}

function refusal(message: string, hint: string): SqError {
  return new SqError({ kind: 'Database', code: 'authentication', message, hint });
}
