import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SqError } from '../../../errors.ts';
import { DIGEST_CODE, digestAnswer, readDigestRequest, TOKEN_CODE } from './digest-auth.ts';
import { WatchedSocket } from './watched-socket.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const int32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeInt32BE(value, i * 4);
  });
  return bytes;
};
const message = (kind: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind, 'latin1'), int32(body.length + 4), body]);
};
const SALT = Buffer.from('saltsalt');
const NONCE = Buffer.from('server-nonce');
const digestRequest = message('R', int32(DIGEST_CODE, 0, SALT.length), SALT, int32(NONCE.length), NONCE);
const ok = message('R', int32(0));

/** A server that says `hello` and then hands over what it gets; answers the watched client and the server's end. */
async function pair(hello: Buffer, password: string | undefined = 'pw') {
  let remote: Socket | undefined;
  const server = createServer((socket) => {
    remote = socket;
    socket.on('error', () => undefined);
    socket.write(hello);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const watched = new WatchedSocket(socket, { user: 'etl', password, nonce: () => '1700000000000' });
  await once(socket, 'connect');
  while (remote === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  return { watched, remote };
}

async function failureOf(hello: Buffer, password?: string): Promise<string> {
  const { watched } = await pair(hello, password);
  const [error] = (await once(watched, 'error')) as [SqError];
  expect(error).toBeInstanceOf(SqError);
  return error.text;
}

describe('the digest of Redshift', () => {
  it('is sha256(sha256(password, salt), nonces)', () => {
    const request = readDigestRequest(digestRequest.subarray(9))!;
    expect(request).toEqual({ algorithm: 0, salt: SALT, serverNonce: NONCE });
    const hash = (...parts: (string | Buffer)[]) =>
      parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
    const digest = hash(hash('pw', SALT), NONCE, 'n');
    expect(digestAnswer(request, 'pw', Buffer.from('n'))).toEqual(
      message('d', int32(32), digest, int32(1), Buffer.from('n')),
    );
  });

  it.each([0, 4, 10, 20])('that is cut off after %i bytes is none', (length) => {
    expect(readDigestRequest(digestRequest.subarray(9, 9 + length))).toBeUndefined();
  });
});

describe('a watched socket', () => {
  it('answers the digest itself and hands on what comes after', async () => {
    const { watched, remote } = await pair(digestRequest);
    const [answer] = (await once(remote, 'data')) as [Buffer];
    expect(answer.toString('latin1', 0, 1)).toBe('d');
    const rest = Buffer.concat([ok, message('Z', Buffer.from('I'))]);
    remote.write(rest);
    const [seen] = (await once(watched, 'data')) as [Buffer];
    expect(seen).toEqual(rest);
    watched.destroy();
  });

  it('reads messages that come in pieces, and nothing once the user is in', async () => {
    const { watched, remote } = await pair(digestRequest.subarray(0, 3));
    remote.write(digestRequest.subarray(3));
    await once(remote, 'data');
    remote.write(ok);
    expect(((await once(watched, 'data')) as [Buffer])[0]).toEqual(ok);
    remote.write(digestRequest);
    expect(((await once(watched, 'data')) as [Buffer])[0]).toEqual(digestRequest);
    watched.destroy();
  });

  it.each([
    [
      'a token',
      message('R', int32(TOKEN_CODE)),
      "The server asks user 'etl' for a token of an identity provider (authentication request 14), which sq does not send.\n  hint: use a database user with a password, method: iam or iam_role, or secret_arn",
    ],
    [
      'what nobody knows',
      message('R', int32(99)),
      'The server asks for a way of logging on that sq does not know (authentication request 99).\n  hint: use a database user with a password, method: iam or iam_role, or driver: data_api',
    ],
    [
      'a digest of another kind',
      message('R', int32(DIGEST_CODE, 7, 0, 0)),
      "The server asks user 'etl' for a digest of the password with algorithm 7; sq knows SHA-256.\n  hint: give the user an md5 password (alter user … password 'md5…'), or use method: iam or driver: data_api",
    ],
  ])('asked for %s says so, and the process goes on', async (_, hello, text) => {
    expect(await failureOf(hello)).toBe(`Database Error\n  ${text}`);
  });
});
