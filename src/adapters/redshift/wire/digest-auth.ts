/**
 * Redshift's own way of asking for a password (AuthenticationRequest 13): users whose password is kept as
 * SHA-256 answer with a digest over a salt and two nonces. As the drivers of AWS do it (redshift_connector,
 * core.py); node-postgres knows nothing of it and ends the process.
 */
import { createHash } from 'node:crypto';

/** AuthenticationRequest code: a digest is asked for. */
export const DIGEST_CODE = 13;
/** AuthenticationRequest code: a token of an identity provider is asked for. */
export const TOKEN_CODE = 14;

export interface DigestRequest {
  /** 0 is SHA-256, the only one there is. */
  algorithm: number;
  salt: Buffer;
  serverNonce: Buffer;
}

/** `body` follows the code: algorithm, then salt and nonce, each after its length (4 bytes, big endian). */
export function readDigestRequest(body: Buffer): DigestRequest | undefined {
  if (body.length < 12) return undefined;
  const saltLength = body.readInt32BE(4);
  const nonceAt = 8 + saltLength;
  if (saltLength < 0 || nonceAt + 4 > body.length) return undefined;
  const nonceLength = body.readInt32BE(nonceAt);
  if (nonceLength < 0 || nonceAt + 4 + nonceLength > body.length) return undefined;
  return {
    algorithm: body.readInt32BE(0),
    salt: body.subarray(8, nonceAt),
    serverNonce: body.subarray(nonceAt + 4, nonceAt + 4 + nonceLength),
  };
}

/** The whole message `d`: digest and client's nonce, each after its length. */
export function digestAnswer(request: DigestRequest, password: string, clientNonce: Buffer): Buffer {
  const inner = createHash('sha256').update(password, 'utf8').update(request.salt).digest();
  const digest = createHash('sha256').update(inner).update(request.serverNonce).update(clientNonce).digest();
  const message = Buffer.alloc(1 + 4 + 4 + digest.length + 4 + clientNonce.length);
  let at = message.write('d', 0, 'latin1');
  at = message.writeInt32BE(message.length - 1, at);
  at = message.writeInt32BE(digest.length, at);
  at += digest.copy(message, at);
  at = message.writeInt32BE(clientNonce.length, at);
  clientNonce.copy(message, at);
  return message;
}
