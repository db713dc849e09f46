/**
 * The parse cache on disk: an index file and the body it points at. The body is written first under a name of
 * its own; the index is replaced by a rename. So a process killed at any line leaves the old pair, or the new
 * one, never a mixture. A reader that finds anything unexpected answers "no cache".
 */
import { hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ManifestMetadata, NodeSummary, SelectorDefinition } from '../../manifest/manifest.ts';
import type { DeprecatedModel } from '../model-deprecations.ts';
import type { Slice } from './body.ts';
import type { DisabledEntry, MacroEntry } from './indexed-manifest.ts';

/** Raised with every change of what is stored or how. */
const FORMAT = 6;

/** State of one project file when it was parsed. */
export interface FileState {
  /** `package\0path`. */
  id: string;
  kind: string;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
  /** sha1 of the bytes. */
  hash: string;
  /** Of a property file: see declarations.ts. */
  declares?: string;
}

/** What a parse leaves behind for the next one. */
export interface CacheIndex {
  format: number;
  /** Everything global that the result depends on; see key.ts. */
  key: string;
  /** Environment variables read while parsing, with a hash of their value (null: not set). */
  env: Record<string, string | null>;
  body: { file: string; size: number };
  files: FileState[];
  metadata: ManifestMetadata;
  summaries: NodeSummary[];
  /** Slices in the order of `summaries`. */
  slices: [number, number][];
  macros: [MacroEntry, number, number][];
  macroPackages: string[];
  docs: [number, number][];
  groups: [number, number][];
  disabled: [DisabledEntry, number, number][];
  selectors: [string, SelectorDefinition][];
  deprecated: DeprecatedModel[];
  maps: [number, number];
}

export interface LoadedCache {
  index: CacheIndex;
  body: BodyReader;
}

export function cacheFolder(targetPath: string): string {
  return join(targetPath, '.sq_parse');
}

/** The cache of a target folder, or why there is none that can be used. */
export function readCache(targetPath: string): LoadedCache | { reason: string } {
  const folder = cacheFolder(targetPath);
  let text: string;
  try {
    text = readFileSync(join(folder, 'index.json'), 'utf8');
  } catch {
    return { reason: 'saved manifest not found' };
  }
  try {
    const index = JSON.parse(text) as CacheIndex;
    if (index.format !== FORMAT) return { reason: 'saved manifest is of another version of sq' };
    const body = BodyReader.open(join(folder, index.body.file), index.body.size);
    return body ? { index, body } : { reason: 'saved manifest is incomplete' };
  } catch {
    return { reason: 'saved manifest cannot be read' };
  }
}

/** Writes body and index; older bodies are removed afterwards. A folder that cannot be written is left alone. */
export function writeCache(
  targetPath: string,
  index: Omit<CacheIndex, 'format' | 'body'>,
  bytes: Buffer,
): LoadedCache {
  const folder = cacheFolder(targetPath);
  const name = `body-${randomBytes(6).toString('hex')}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  const whole: CacheIndex = { format: FORMAT, body: { file: name, size: bytes.length }, ...index };
  rewriteIndex(targetPath, whole);
  removeOld(folder, name);
  return { index: whole, body: BodyReader.of(bytes) };
}

/** Only the index changed (file times, environment): the body stays. */
export function rewriteIndex(targetPath: string, index: CacheIndex): void {
  const folder = cacheFolder(targetPath);
  const temporary = join(folder, `index-${randomBytes(6).toString('hex')}.tmp`);
  writeFileSync(temporary, JSON.stringify(index));
  renameSync(temporary, join(folder, 'index.json'));
}

/** Leftovers of killed runs go when they are a minute old: a younger one may belong to a run beside us. */
function removeOld(folder: string, keep: string): void {
  for (const name of readdirSync(folder)) {
    if (name === keep || name === 'index.json') continue;
    const path = join(folder, name);
    try {
      if (Date.now() - statSync(path).mtimeMs > 60_000) rmSync(path, { force: true });
    } catch {
      // another run removed it first
    }
  }
}

/** Slices of the body, read when asked; after many reads the whole body is taken into memory. */
export class BodyReader {
  private whole: Buffer | undefined;
  private reads = 0;

  private constructor(
    private readonly fd: number | undefined,
    readonly size: number,
  ) {}

  /** Over bytes that are in memory already. */
  static of(bytes: Buffer): BodyReader {
    const reader = new BodyReader(undefined, bytes.length);
    reader.whole = bytes;
    return reader;
  }

  static open(path: string, size: number): BodyReader | undefined {
    const fd = openSync(path, 'r');
    if (fstatSync(fd).size === size) return new BodyReader(fd, size);
    closeSync(fd);
    return undefined;
  }

  read(slice: Slice): string {
    if (!this.whole && ++this.reads > 64) this.bytes();
    if (this.whole) return this.whole.toString('utf8', slice.start, slice.start + slice.length);
    return this.slice(slice).toString('utf8');
  }

  bytes(): Buffer {
    this.whole ??= this.slice({ start: 0, length: this.size });
    return this.whole;
  }

  private slice({ start, length }: Slice): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let at = 0;
    while (at < length) at += readSync(this.fd!, buffer, at, length - at, start + at);
    return buffer;
  }
}

export function sha1(bytes: string | Buffer): string {
  return hash('sha1', bytes);
}
