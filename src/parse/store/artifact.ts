/**
 * manifest.json. The metadata stand first in a field of fixed width, so that a run in which nothing changed
 * rewrites those few bytes in place and leaves the body alone (decision 20). A sidecar remembers which body
 * the file holds and how the file looked when it was written; any difference means a whole new file.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { ManifestMetadata } from '../../manifest/manifest.ts';
import { cacheFolder } from './cache-file.ts';

/** Bytes kept for `{"metadata": {...}, `, blanks at the end; longer metadata take the next multiple. */
const HEAD = 2048;

interface Sidecar {
  body: string;
  headBytes: number;
  size: number;
  mtimeMs: number;
  ino: number;
}

/** `body` names the body's bytes: when the file on disk holds the same, only its head is written. */
export function writeManifestFile(
  targetPath: string,
  metadata: ManifestMetadata,
  body: string,
  bytes: () => readonly Buffer[],
): void {
  const path = join(targetPath, 'manifest.json');
  const sidecarPath = join(cacheFolder(targetPath), 'manifest-state.json');
  const head = headBytes(metadata);
  if (holds(targetPath, body, head)) rewriteHead(path, head);
  else {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
    const fd = openSync(temporary, 'w');
    for (const piece of [head, ...bytes()]) writeAll(fd, piece);
    closeSync(fd);
    renameSync(temporary, path);
  }
  const written = stateOf(path);
  if (written) {
    mkdirSync(dirname(sidecarPath), { recursive: true });
    writeFileSync(sidecarPath, JSON.stringify({ body, headBytes: head.length, ...written }));
  }
}

/** Fresh metadata for the file, where it holds `body`; false, and nothing done, where it does not. */
export function restampManifest(targetPath: string, metadata: ManifestMetadata, body: string): boolean {
  const head = headBytes(metadata);
  if (!holds(targetPath, body, head)) return false;
  writeManifestFile(targetPath, metadata, body, () => []);
  return true;
}

function holds(targetPath: string, body: string, head: Buffer): boolean {
  const known = readSidecar(join(cacheFolder(targetPath), 'manifest-state.json'));
  const now = stateOf(join(targetPath, 'manifest.json'));
  return (
    known !== undefined &&
    now !== undefined &&
    known.body === body &&
    known.headBytes === head.length &&
    known.size === now.size &&
    known.mtimeMs === now.mtimeMs &&
    known.ino === now.ino
  );
}

function rewriteHead(path: string, head: Buffer): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, head, 0, head.length, 0);
  closeSync(fd);
}

function writeAll(fd: number, bytes: Buffer): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(fd, bytes, at, bytes.length - at);
}

function headBytes(metadata: ManifestMetadata): Buffer {
  const text = Buffer.from(`{"metadata": ${JSON.stringify(metadata)}, `, 'utf8');
  const head = Buffer.alloc(Math.ceil((text.length + 1) / HEAD) * HEAD, 0x20);
  text.copy(head);
  return head;
}

function stateOf(path: string): { size: number; mtimeMs: number; ino: number } | undefined {
  try {
    const stat = statSync(path);
    return { size: stat.size, mtimeMs: stat.mtimeMs, ino: stat.ino };
  } catch {
    return undefined;
  }
}

function readSidecar(path: string): Sidecar | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Sidecar;
  } catch {
    return undefined;
  }
}
