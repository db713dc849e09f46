/**
 * What goes wrong, as one class. Every error a person can cause carries what, where (the author's file),
 * why and what to do next. The families are dbt's: tools and tests tell them apart by the header line
 * `<Kind> Error in <resource> <name> (<path>)`.
 */

/** dbt's exception families; the text before "Error" in the header. `usage` has no header (click's shape). */
export type ErrorKind =
  | 'Compilation'
  | 'Parsing'
  | 'Runtime'
  | 'Database'
  | 'Dependency'
  | 'Validation'
  | 'Internal'
  | 'Breaking change to contract'
  | 'Usage';

/** A place in a file of the author. Lines and columns count from 1. */
export interface Location {
  /** Path relative to the project folder, with forward slashes. */
  path: string;
  line?: number;
  column?: number;
}

/** One frame of the chain of macros that were running, innermost first. */
export interface MacroFrame {
  /** Macro name, e.g. `cents_to_dollars`; null for the text of the node itself. */
  name: string | null;
  at: Location;
}

export interface SqErrorOptions {
  kind: ErrorKind;
  /** Stable short code, e.g. `missing-ref`. Never shown first; for tests and documentation. */
  code: string;
  /** What happened, in one or more lines, without header and without location. */
  message: string;
  at?: Location | undefined;
  /** The resource the error belongs to: shown in the header. */
  node?: { resourceType: string; name: string; path: string } | undefined;
  /** Callers of the place where it happened, innermost first. */
  chain?: MacroFrame[] | undefined;
  /** The lines around the place, already laid out with a marker. */
  excerpt?: string | undefined;
  /** What to do next. */
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * The only exception that sq raises on purpose. Anything else that reaches the shell is a defect of sq.
 */
export class SqError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly at: Location | undefined;
  node: { resourceType: string; name: string; path: string } | undefined;
  readonly chain: MacroFrame[];
  readonly excerpt: string | undefined;
  readonly hint: string | undefined;

  constructor(options: SqErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SqError';
    this.kind = options.kind;
    this.code = options.code;
    this.at = options.at;
    this.node = options.node;
    this.chain = options.chain ?? [];
    this.excerpt = options.excerpt;
    this.hint = options.hint;
  }

  /** A copy that says which resource it belongs to; an error that already knows keeps its own. */
  within(node: { resourceType: string; name: string; path: string }): SqError {
    if (this.node === undefined) this.node = node;
    return this;
  }

  /** `Compilation Error in model songs (models/marts/songs.sql)`. */
  get header(): string {
    const head = this.kind === 'Usage' ? 'Usage Error' : `${this.kind} Error`;
    return this.node ? `${head} in ${this.node.resourceType} ${this.node.name} (${this.node.path})` : head;
  }

  /** Message, place, excerpt, chain and hint, one below the other, not indented. */
  get body(): string {
    const lines = [this.message];
    if (this.at) lines.push(`at ${formatLocation(this.at)}`);
    if (this.excerpt) lines.push(this.excerpt);
    for (const [i, frame] of this.chain.entries())
      lines.push(this.frameLine(frame, i === 0 ? 'in' : 'called by'));
    if (this.hint) lines.push(`hint: ${this.hint}`);
    return lines.join('\n');
  }

  /** In dbt's words: `> in macro cents (macros/m.sql:6:3)`, `> called by model a (models/a.sql:2:6)`. */
  private frameLine({ name, at }: MacroFrame, how: string): string {
    const what =
      name !== null ? `macro ${name} ` : this.node ? `${this.node.resourceType} ${this.node.name} ` : '';
    return what === '' ? `> ${how} ${formatLocation(at)}` : `> ${how} ${what}(${formatLocation(at)})`;
  }

  /** Header and body as the console shows them: the body indented by two spaces. */
  get text(): string {
    return `${this.header}\n${indent(this.body)}`;
  }
}

/** `models/a.sql:3:7`; the parts that are not known are left out. */
export function formatLocation(at: Location): string {
  return [at.path, at.line, at.column].filter((part) => part !== undefined).join(':');
}

/** Two spaces before every line that is not empty. */
export function indent(text: string, by = '  '): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : by + line))
    .join('\n');
}

/**
 * Any thrown value as an SqError. What the operating system refused is kind Runtime; everything else is a defect
 * of sq: kind Internal, with the cause. Paths below `folder` are shown from there.
 */
export function asSqError(thrown: unknown, folder = ''): SqError {
  if (thrown instanceof SqError) return thrown;
  const refused = systemError(thrown, folder);
  if (refused !== undefined) return refused;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new SqError({
    kind: 'Internal',
    code: 'internal',
    message,
    hint: 'this is a defect of sq: please report it, with the end of logs/dbt.log',
    cause: thrown,
  });
}

const REFUSALS: Readonly<Record<string, [reason: string, hint: string]>> = {
  EACCES: ['permission denied', 'look at the rights of the file and of its folder'],
  EPERM: ['operation not permitted', 'look at the rights of the file and of its folder'],
  EROFS: ['the file system is read-only', 'write elsewhere: --target-path and --log-path'],
  ENOSPC: ['no space left on the disk', 'free some space, or write elsewhere: --target-path and --log-path'],
  EDQUOT: ['the disk quota is used up', 'free some space, or write elsewhere: --target-path and --log-path'],
  EFBIG: ['the file would be too large', 'raise the limit on file sizes (ulimit -f)'],
  ENOTDIR: ['a part of this path is a file, not a folder', 'rename or remove that file'],
  EEXIST: ['there is a file of that name', 'rename or remove that file'],
  EISDIR: ['this is a folder, not a file', 'rename or remove that folder'],
  EMFILE: ['too many open files', 'raise the limit on open files (ulimit -n)'],
};

/** An error of a system call on a file, as Node throws it. */
function systemError(thrown: unknown, folder: string): SqError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const { code, path } = thrown as NodeJS.ErrnoException;
  const known = code === undefined || path === undefined ? undefined : REFUSALS[code];
  if (known === undefined) return undefined;
  const [reason, hint] = known;
  const shown = folder !== '' && path?.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
  return new SqError({
    kind: 'Runtime',
    code: 'file-system',
    message: `${shown}: ${reason}`,
    hint,
    cause: thrown,
  });
}

/**
 * The nearest of `candidates` to `word` for "did you mean", or undefined when none is near.
 * Near: an edit distance (Damerau-Levenshtein, adjacent swaps count once) of at most a third of the length.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, before[j - 2]! + 1);
      }
      row.push(value);
      smallest = Math.min(smallest, value);
    }
    if (smallest > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
