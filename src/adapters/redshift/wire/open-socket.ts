/** Opens the connection to a cluster: TCP, then TLS where the profile asks for it. */
import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SqError } from '../../../errors.ts';
import type { RedshiftSettings } from '../settings.ts';
import { connectionError, missingCa } from './connection-error.ts';

/** PostgreSQL's SSLRequest: length 8, code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export type SocketSettings = Pick<
  RedshiftSettings,
  'host' | 'port' | 'sslMode' | 'sslRootCert' | 'connectTimeout' | 'keepalive' | 'keepaliveIdle'
>;

/** Throws SqError kind Database that names the step which failed: name, address, encryption, certificate. */
export async function openSocket(settings: SocketSettings): Promise<Socket> {
  const limit = settings.connectTimeout > 0 ? AbortSignal.timeout(settings.connectTimeout * 1000) : undefined;
  let socket: Socket | undefined;
  const onLimit = () => socket?.destroy(timeOut(settings));
  limit?.addEventListener('abort', onLimit);
  try {
    socket = connectTcp({ host: settings.host ?? '', port: settings.port });
    // many NAT gateways and firewalls forget a connection that is silent for minutes while a query runs
    if (settings.keepalive) socket.setKeepAlive(true, settings.keepaliveIdle * 1000);
    await settled(socket, 'connect');
    if (settings.sslMode === 'disable') return socket;
    const plain = socket;
    socket = await encrypted(plain, settings);
    return socket;
  } catch (thrown) {
    socket?.destroy();
    throw thrown instanceof SqError ? thrown : connectionError(thrown, settings);
  } finally {
    limit?.removeEventListener('abort', onLimit);
  }
}

async function encrypted(plain: Socket, settings: SocketSettings): Promise<Socket> {
  plain.write(SSL_REQUEST);
  const answer = await firstByte(plain);
  if (answer !== 'S') throw noEncryption(settings, answer);
  const host = settings.host ?? '';
  const secure = connectTls({
    socket: plain,
    host,
    // SNI must not be an address (RFC 6066 section 3)
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(settings.sslRootCert === undefined ? {} : { ca: rootCertificate(settings.sslRootCert) }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(settings.sslMode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  });
  await settled(secure, 'secureConnect');
  return secure;
}

/** Waits for `event`; rejects with the socket's error or when it ends before. */
function settled(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the server closed the connection'));
    socket.once('error', reject);
    socket.once('close', ended);
    socket.once(event, () => {
      socket.off('error', reject);
      socket.off('close', ended);
      resolve();
    });
  });
}

/** The answer to SSLRequest is one byte that belongs to no message. */
function firstByte(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the server closed the connection'));
    socket.once('error', reject);
    socket.once('close', ended);
    socket.once('data', (chunk: Buffer) => {
      socket.off('error', reject);
      socket.off('close', ended);
      socket.pause();
      resolve(chunk.toString('latin1', 0, 1));
    });
  });
}

function rootCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw missingCa(path, cause);
  }
}

function timeOut({ host, port, connectTimeout }: SocketSettings): SqError {
  return new SqError({
    kind: 'Database',
    code: 'connect-timeout',
    message: `No answer from ${host}:${port} within ${connectTimeout} seconds.`,
    hint: 'open the port for this machine (security group of the cluster, publicly accessible or a VPN), wake the cluster if it is paused, or raise connect_timeout; driver: data_api needs no open port',
  });
}

function noEncryption({ host, port }: SocketSettings, answer: string): SqError {
  return new SqError({
    kind: 'Database',
    code: 'tls-refused',
    message: `${host}:${port} does not offer TLS${answer === 'N' ? '' : ` (it answered ${JSON.stringify(answer)})`}.`,
    hint: 'check host and port; only where the network is trusted: sslmode: disable',
  });
}
