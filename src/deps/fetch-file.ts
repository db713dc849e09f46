/** A file by its address: http(s), `file:`, or a path. Downloads are tried again, as dbt does. */
import { copyFileSync, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Invocation } from '../invocation.ts';
import { dependencyError } from './dependency-error.ts';

const ATTEMPTS = 5;
const PAUSE = 250;
const TIMEOUT = 60_000;

/** Absolute path of an address that is none of the web. */
export function localPath(address: string, base: string): string | undefined {
  if (/^https?:/i.test(address)) return undefined;
  return address.startsWith('file:') ? fileURLToPath(address) : resolve(base, address);
}

/** JSON at an address; undefined when there is nothing (404, no file). Throws SqError (Dependency). */
export async function fetchJson(address: string, invocation: Invocation): Promise<unknown> {
  const path = localPath(address, invocation.cwd);
  if (path !== undefined) return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  const response = await get(address, invocation);
  if (response === undefined) return undefined;
  try {
    return await response.json();
  } catch (cause) {
    throw dependencyError(
      'registry-answer',
      `${address} does not answer with JSON: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Copies what stands at an address into `target`. Throws SqError (Dependency). */
export async function fetchInto(
  address: string,
  target: string,
  base: string,
  invocation: Invocation,
): Promise<void> {
  const path = localPath(address, base);
  if (path !== undefined) {
    if (!existsSync(path)) throw dependencyError('download', `There is no file ${path}`);
    copyFileSync(path, target);
    return;
  }
  const response = await get(address, invocation);
  if (response?.body == null) throw dependencyError('download', `${address} does not exist (404)`);
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(target));
}

/** Undefined for what is not there. */
async function get(address: string, invocation: Invocation): Promise<Response | undefined> {
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const signal = AbortSignal.any([invocation.signal, AbortSignal.timeout(TIMEOUT)]);
      const response = await fetch(address, { signal });
      if (response.status === 404) return undefined;
      if (response.ok) return response;
      reason = `${response.status} ${response.statusText}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      if (invocation.signal.aborted) throw error;
      const { cause, message } = error as Error & { cause?: Error };
      reason = cause?.message || message;
    }
    if (attempt < ATTEMPTS) await new Promise((done) => setTimeout(done, PAUSE * attempt));
  }
  throw dependencyError('download', `External connection exception occurred: ${address}: ${reason}`, {
    hint: 'check the network and the proxy, or name a mirror: DBT_PACKAGE_HUB_URL=<url or folder>',
  });
}
