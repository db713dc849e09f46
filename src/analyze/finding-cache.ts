/**
 * Findings of earlier analyses, in the target path. An entry is used only when its key is the same: a digest of all
 * that the finding was made from. The file is written beside itself and renamed, so a killed run leaves the old one or
 * the new one; every entry carries a digest of its own text, so a damaged one is as good as none.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SQ_VERSION } from '../version.ts';
import type { Finding } from './finding.ts';

const FILE = 'findings.tsv';
/** New findings are written this often (milliseconds), so that a long analysis that is ended early was not for nothing. */
const EVERY = 5000;

interface Entry {
  key: string;
  digest: string;
  text: string;
}

export class FindingCache {
  private readonly folder: string;
  private readonly entries = new Map<string, Entry>();
  private fresh = 0;
  private written = performance.now();

  /** A folder without a cache, or one that cannot be read, is an empty one. */
  constructor(targetPath: string) {
    this.folder = join(targetPath, '.sq_lineage');
    let lines: string[];
    try {
      lines = readFileSync(join(this.folder, FILE), 'utf8').split('\n');
    } catch {
      return;
    }
    if (lines[0] !== MADE_BY) return;
    for (const line of lines.slice(1)) {
      const [id, key, digest, text] = line.split('\t');
      if (text !== undefined) this.entries.set(id!, { key: key!, digest: digest!, text });
    }
  }

  get(id: string, key: string): Finding | undefined {
    const entry = this.entries.get(id);
    if (entry?.key !== key || digestOf(entry.text) !== entry.digest) return undefined;
    return JSON.parse(entry.text) as Finding;
  }

  set(id: string, key: string, finding: Finding): void {
    // a tab or line feed inside a name is escaped by JSON
    const text = JSON.stringify(finding);
    this.entries.set(id, { key, digest: digestOf(text), text });
    this.fresh += 1;
    if (performance.now() - this.written > EVERY) this.write(() => true);
  }

  /** Writes what is new, without entries that `keep` refuses. A folder that cannot be written stays as it is. */
  write(keep: (id: string) => boolean): void {
    if (this.fresh === 0) return;
    const lines = [MADE_BY];
    for (const [id, { key, digest, text }] of this.entries) {
      if (keep(id)) lines.push(`${id}\t${key}\t${digest}\t${text}`);
    }
    const temporary = join(this.folder, `findings-${randomBytes(6).toString('hex')}.tmp`);
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(temporary, lines.join('\n'));
      renameSync(temporary, join(this.folder, FILE));
      removeLeftovers(this.folder);
    } catch {
      // no cache, then; a temporary file that is left is removed by a later run
    }
    this.fresh = 0;
    this.written = performance.now();
  }
}

/** Digest of what a finding is made from. */
export function keyOf(parts: unknown): string {
  return digestOf(JSON.stringify(parts));
}

function digestOf(text: string): string {
  return hash('sha1', text);
}

/** Findings of another build of sq are not used: its parser and its engine are pinned to it. */
const MADE_BY = ['sq', SQ_VERSION, buildTime()].join('\t');

function buildTime(): number {
  try {
    return statSync(fileURLToPath(import.meta.url)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Of killed runs; a file younger than a minute may belong to a run beside us. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.tmp') && Date.now() - statSync(path).mtimeMs > 60_000) rmSync(path, { force: true });
  }
}
