/** Logging on: what Redshift asks of a client, and whether the answer is right. */
import { createHash, randomBytes } from 'node:crypto';
import { int32, message } from './messages.ts';

/**
 * How a user proves who it is. `digest` is Redshift's own message 13 for users whose password is kept as SHA-256,
 * `token` its message 14 for identity providers.
 */
export type AuthMethod = 'md5' | 'digest' | 'token' | 'cleartext' | 'trust';

export interface DoubleUser {
  name: string;
  password?: string;
  /** Default `md5`. */
  auth?: AuthMethod;
  /** Default true: as the administrator of a cluster is. */
  superuser?: boolean;
  /** Temporary credentials end at this time, in milliseconds since 1970. */
  expires?: number;
}

/** A question to the client, and the test its answer must pass. */
export interface Challenge {
  question: Buffer;
  /** The letter of the message that carries the answer. */
  answer: 'p' | 'd' | 'i';
  passes(body: Buffer): boolean;
}

const md5 = (...parts: (string | Buffer)[]) => digest('md5', parts).toString('hex');
const sha256 = (...parts: (string | Buffer)[]) => digest('sha256', parts);

function digest(algorithm: string, parts: (string | Buffer)[]): Buffer {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function challenge({ name, password = '', auth = 'md5' }: DoubleUser): Challenge | undefined {
  if (auth === 'trust') return undefined;
  const text = (body: Buffer) => body.toString('utf8').replace(/\0$/, '');
  if (auth === 'cleartext')
    return { question: message('R', int32(3)), answer: 'p', passes: (body) => text(body) === password };
  if (auth === 'token')
    return { question: message('R', int32(14)), answer: 'i', passes: (body) => text(body) === password };
  const salt = randomBytes(auth === 'md5' ? 4 : 8);
  if (auth === 'md5') {
    const expected = `md5${md5(md5(password, name), salt)}`;
    return { question: message('R', int32(5), salt), answer: 'p', passes: (body) => text(body) === expected };
  }
  return digestChallenge(password, salt);
}

/**
 * Message 13: algorithm (0 = SHA-256), salt, server's nonce; the answer (`d`) is a digest and the client's nonce,
 * each after its length. The digest is sha256(sha256(password, salt), server's nonce, client's nonce).
 */
function digestChallenge(password: string, salt: Buffer): Challenge {
  const nonce = randomBytes(16);
  const question = message('R', int32(13, 0, salt.length), salt, int32(nonce.length), nonce);
  const passes = (body: Buffer) => {
    const length = body.readInt32BE(0);
    const given = body.subarray(4, 4 + length);
    const theirs = body.subarray(8 + length, 8 + length + body.readInt32BE(4 + length));
    return given.equals(sha256(sha256(password, salt), nonce, theirs));
  };
  return { question, answer: 'd', passes };
}
