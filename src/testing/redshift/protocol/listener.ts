/** The port of the double: start-up, TLS, logging on, and a session for each client. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { quoteName } from '../sql/tokens.ts';
import type { World } from '../world.ts';
import { challenge, type DoubleUser } from './auth.ts';
import { Backend, cancelBackend } from './backend.ts';
import {
  errorMessage,
  failure,
  int32,
  type Message,
  MessageReader,
  message,
  RedshiftError,
} from './messages.ts';
import { ClientSession } from './session.ts';
import { startupSettings } from './settings.ts';

export interface ListenOptions {
  /** Private key and certificate in PEM; without them TLS is refused with `N`. */
  tls?: { key: string; cert: string };
  /** Plain connections are refused, as with `require_ssl`. */
  requireTls?: boolean;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

export class Listener {
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(world: World, options: ListenOptions = {}): Promise<Listener> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const listener = new Listener(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('connection', (socket) => {
      listener.open.add(socket);
      socket.on('close', () => listener.open.delete(socket));
      new Newcomer(world, options, socket).welcome(socket);
    });
    return listener;
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A connection that has not logged on yet. */
class Newcomer {
  private bytes: Buffer = Buffer.alloc(0);
  private encrypted = false;

  constructor(
    private readonly world: World,
    private readonly options: ListenOptions,
    private readonly socket: Socket,
  ) {}

  welcome(stream: Duplex): void {
    stream.on('error', () => stream.destroy());
    const read = (bytes: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, bytes]);
      if (this.bytes.length < 8 || this.bytes.length < this.bytes.readInt32BE(0)) return;
      const length = this.bytes.readInt32BE(0);
      const packet = this.bytes.subarray(0, length);
      this.bytes = this.bytes.subarray(length);
      stream.off('data', read);
      this.greet(stream, packet);
    };
    stream.on('data', read);
  }

  private greet(stream: Duplex, packet: Buffer): void {
    const code = packet.readInt32BE(4);
    if (code === CANCEL_REQUEST) {
      cancelBackend(this.world.behind, packet.readInt32BE(8), packet.readInt32BE(12));
      stream.end();
    } else if (code === GSS_REQUEST) {
      stream.write('N');
      this.welcome(stream);
    } else if (code === SSL_REQUEST) this.encrypt(stream);
    else
      this.logOn(stream, packet).catch((error: Error) => {
        const fields =
          error instanceof RedshiftError ? error.fields : { code: 'XX000', message: error.message };
        stream.end(errorMessage({ ...fields, severity: 'FATAL' }));
      });
  }

  private encrypt(stream: Duplex): void {
    const { tls } = this.options;
    stream.write(tls === undefined ? 'N' : 'S');
    if (tls === undefined) {
      this.welcome(stream);
      return;
    }
    this.encrypted = true;
    this.welcome(new TLSSocket(this.socket, { isServer: true, ...tls }));
  }

  private async logOn(stream: Duplex, packet: Buffer): Promise<void> {
    if (this.options.requireTls && !this.encrypted)
      throw failure('28000', 'no pg_hba.conf entry for host "127.0.0.1", SSL off');
    const words = packet.toString('utf8', 8).split('\0');
    const given = new Map<string, string>();
    for (let at = 0; at + 1 < words.length && words[at] !== ''; at += 2)
      given.set(words[at] as string, words[at + 1] as string);
    const settings = startupSettings(given);
    const name = given.get('user') ?? '';
    const user = this.world.users.get(name);
    const messages = new Messages(stream, this.bytes);
    const denied = failure('28000', `password authentication failed for user "${name}"`);
    const trusted = user !== undefined && given.get('application_name') === this.world.pass;
    const asked = trusted ? undefined : challenge(user ?? { name, password: 'nobody', auth: 'md5' });
    if (asked !== undefined) {
      stream.write(asked.question);
      const answer = await messages.next();
      if (user === undefined || answer.type !== asked.answer || !asked.passes(answer.body)) throw denied;
    }
    if (user === undefined) throw denied;
    if (user.expires !== undefined && user.expires <= Date.now())
      throw failure('28000', `IAM Authentication token has expired`);
    const database = given.get('database') ?? name;
    if (database !== this.world.database) throw failure('3D000', `database "${database}" does not exist`);
    const refused = this.world.faults.take('connect');
    if (refused?.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, refused.delay));
    if (refused?.drop) return void stream.destroy();
    if (refused?.error) throw new RedshiftError(refused.error);
    await this.admit(stream, messages, { user, settings });
  }

  private async admit(
    stream: Duplex,
    messages: Messages,
    { user, settings }: { user: DoubleUser; settings: ReadonlyMap<string, string> },
  ): Promise<void> {
    const backend = await Backend.connect(this.world.url);
    // string literals as PostgreSQL 8.0 reads them, which Redshift grew from; and plans that need no statistics,
    // since Redshift joins by hash or merge and new tables have none here
    await backend.must(
      'set standard_conforming_strings = off; set backslash_quote = on; set escape_string_warning = off; set check_function_bodies = off; set client_min_messages = notice; set bytea_output = hex; set jit = off; set work_mem = "64MB"; set enable_nestloop = off',
    );
    for (const [setting, value] of settings)
      await backend.must(`select set_config('${setting}', '${value.replaceAll("'", "''")}', false)`);
    await backend.must(`set session authorization ${quoteName(user.name)}`);
    const session = new ClientSession(this.world, backend, stream, user.name);
    const parameters = {
      client_encoding: 'UTF8',
      DateStyle: 'ISO, MDY',
      integer_datetimes: 'on',
      is_superuser: user.superuser === false ? 'off' : 'on',
      server_encoding: 'UNICODE',
      server_version: '8.0.2',
      session_authorization: user.name,
      TimeZone: 'UTC',
      padb_revision: '4fe8d73ff8',
      padb_version: '1.0.104424',
      max_numeric_precision: '38',
      max_varchar_size: '65535',
    };
    stream.write(
      Buffer.concat([
        message('R', int32(0)),
        ...Object.entries(parameters).map(([key, value]) => message('S', `${key}\0${value}\0`)),
        message('K', int32(backend.pid, backend.secret)),
        message('Z', 'I'),
      ]),
    );
    messages.pass((next) => session.receive(next));
    stream.on('close', () => session.end());
  }
}

/** Messages one after another while logging on, then all of them to the session. */
class Messages {
  private readonly kept: Message[] = [];
  private wake: (() => void) | undefined;
  private to: ((next: Message) => void) | undefined;

  constructor(stream: Duplex, first: Buffer) {
    const reader = new MessageReader();
    const take = (bytes: Buffer) => {
      for (const next of reader.push(bytes))
        if (this.to !== undefined) this.to(next);
        else this.kept.push(next);
      this.wake?.();
    };
    stream.on('data', take);
    if (first.length > 0) take(first);
  }

  async next(): Promise<Message> {
    while (this.kept.length === 0)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    return this.kept.shift() as Message;
  }

  pass(to: (next: Message) => void): void {
    this.to = to;
    for (const next of this.kept.splice(0)) to(next);
  }
}
