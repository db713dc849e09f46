/**
 * What stands before a Spark Connect server of EMR Serverless: TLS, and the token of each call (x-aws-proxy-auth). The
 * server behind is a real one and sees neither. Written over HTTP/2 itself, so that it knows no more of gRPC than a
 * proxy does.
 */
import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface ConnectGateOptions {
  key: string;
  cert: string;
  /** The server behind. */
  host: string;
  port: number;
  /** Whether a call with this token is let in. */
  knows(token: unknown): boolean;
}

/** How a call is refused: in gRPC's words, in HTTP's, or in gRPC's after the server has it already. */
export type Refusal = 'grpc' | 'http' | 'late';

export class ConnectGate {
  /** Methods of the calls that came, e.g. `ExecutePlan`; those that were refused end in ` refused`. */
  readonly calls: string[] = [];
  refuses: Refusal = 'grpc';
  /** Milliseconds between the end of a request and its `late` refusal. */
  lateBy = 100;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly behind: ClientHttp2Session;
  private readonly server: Http2SecureServer;
  private readonly running = new Set<(trailers: IncomingHttpHeaders) => void>();
  private open = true;

  private constructor(private readonly options: ConnectGateOptions) {
    this.behind = connect(`http://${options.host}:${options.port}`);
    this.behind.on('error', () => undefined);
    this.server = createSecureServer({ key: options.key, cert: options.cert });
    this.server.on('session', (session) => {
      if (!this.open) return session.destroy();
      this.sessions.add(session);
      session.on('error', () => undefined);
      session.on('close', () => this.sessions.delete(session));
    });
    this.server.on('stream', (stream, headers) => this.serve(stream, headers));
  }

  static async start(options: ConnectGateOptions): Promise<ConnectGate> {
    const gate = new ConnectGate(options);
    await new Promise<void>((resolve) => gate.server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  /** The certificate is of localhost. */
  get address(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections are cut, and new ones end at once: what a client sees of a driver that is gone. */
  cut(): void {
    this.open = false;
    this.drop();
  }

  /** Connections are cut; the next one is a new one. */
  drop(): void {
    for (const session of this.sessions) session.destroy();
  }

  /** How many calls are being answered. */
  get answering(): number {
    return this.running.size;
  }

  /** Calls that are answered at the moment end as those of a token that has ended. */
  refuseRunning(): void {
    for (const end of this.running) end(REFUSED);
  }

  async stop(): Promise<void> {
    this.cut();
    this.behind.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => undefined);
    const method = String(headers[':path']).split('/').at(-1) ?? '';
    const known = this.options.knows(headers['x-aws-proxy-auth']);
    this.calls.push(known ? method : `${method} refused`);
    if (known || this.refuses === 'late') {
      this.forward(stream, headers, known);
    } else if (this.refuses === 'grpc') {
      refuse(stream);
    } else {
      stream.respond({ ':status': 403, 'content-type': 'text/html' });
      stream.end('<html>The security token included in the request is expired</html>');
    }
  }

  private forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, answers: boolean): void {
    const { host, port } = this.options;
    const passed = Object.entries(headers).filter(([name]) => name !== 'x-aws-proxy-auth');
    const upstream = this.behind.request({
      ...Object.fromEntries(passed),
      ':scheme': 'http',
      ':authority': `${host}:${port}`,
    });
    let trailers: IncomingHttpHeaders = {};
    upstream.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    stream.on('aborted', () => upstream.close(constants.NGHTTP2_CANCEL));
    stream.pipe(upstream);
    if (!answers) {
      // the server has the whole call; its answer is nobody's
      stream.on('end', () => setTimeout(() => refuse(stream), this.lateBy));
      upstream.resume();
      return;
    }
    upstream.on('trailers', (received) => {
      trailers = received;
    });
    upstream.on('response', (response, flags) => {
      if (stream.destroyed) return;
      const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(response, { endStream: ends, waitForTrailers: !ends });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      if (ends) return;
      upstream.pipe(stream);
      const end = (instead: IncomingHttpHeaders) => {
        trailers = instead;
        upstream.unpipe(stream);
        upstream.close(constants.NGHTTP2_CANCEL);
        stream.end();
      };
      this.running.add(end);
      stream.on('close', () => this.running.delete(end));
    });
  }
}

const REFUSED = {
  'grpc-status': '16',
  'grpc-message': 'The security token included in the request is expired',
};

function refuse(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...REFUSED }, { endStream: true });
}
