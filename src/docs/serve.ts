/** The folder of the page over HTTP, for the machine it stands on. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { SqError } from '../errors.ts';

export interface ServeOptions {
  /** Absolute. */
  folder: string;
  host: string;
  /** 0: any that is free. */
  port: number;
}

export interface ServedDocs {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** What the page and dbt's tools read; the target folder holds much more. */
const SERVED =
  /^\/(?:index\.html|static_index\.html|manifest\.json|catalog\.json|run_results\.json|sources\.json|data\/code-\d+\.js)$/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** Listens until it is closed. Throws SqError (Runtime) when the port or the address cannot be had. */
export async function serveDocs(options: ServeOptions): Promise<ServedDocs> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.writeHead(500).end());
  });
  await listening(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, () => resolve());
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): SqError {
  const error = (message: string, hint: string) =>
    new SqError({ kind: 'Runtime', code: 'docs-serve', message, hint, cause });
  switch (cause.code) {
    case 'EADDRINUSE':
      return error(
        `Port ${port} of ${host} is in use by another program`,
        `choose another one, 'sq docs serve --port ${port + 1}', or --port 0 for any that is free`,
      );
    case 'EACCES':
      return error(
        `Port ${port} of ${host} needs rights that this user does not have`,
        "ports from 1024 on are for everybody: 'sq docs serve --port 8080'",
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return error(
        `${host} is no address of this machine`,
        'leave --host out: 127.0.0.1 is this machine alone',
      );
    default:
      return error(`Could not listen on ${host}:${port}: ${cause.message}`, 'try another --host and --port');
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, host }: ServeOptions,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://page');
  const path = pathname === '/' ? '/index.html' : pathname;
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET only');
  // a page of somebody else whose name was pointed at this machine is not let in
  if (!isOurs(request.headers.host, host)) return refuse(response, 403, 'Not the name of this server');
  if (!SERVED.test(path)) return refuse(response, 404, 'There is no such page');
  let body: Buffer;
  try {
    body = await readFile(join(folder, path));
  } catch {
    return refuse(response, 404, 'There is no such file yet');
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-length': body.length,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function isOurs(header: string | undefined, host: string): boolean {
  const name = (header ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const everywhere = host === '0.0.0.0' || host === '::';
  return everywhere || name === host || ['localhost', '127.0.0.1', '::1'].includes(name);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}
