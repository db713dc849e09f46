/** The sources of sq as text with their imports, for tests that hold the rules of the house. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** From the repository's root, with forward slashes: `src/select/grammar.ts`. */
  path: string;
  text: string;
  /** Of the same length as `text`: comments, and what stands inside strings and patterns, are blanks. */
  code: string;
  /** A test, or something that only tests use. */
  forTests: boolean;
  imports: Import[];
}

export interface Import {
  /** As written: `../errors.ts`, `nunjucks`. */
  specifier: string;
  /** For a relative import: the file from the repository's root. */
  target: string | undefined;
  /** Counts from 1. */
  line: number;
}

/** Every TypeScript file below `src/`, sorted by path. */
export function sourceFiles(): SourceFile[] {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const src = join(root, 'src');
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.split(sep).includes('fixtures'))
    .map((name) => join(src, name))
    .sort()
    .map((file) => sourceFile(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')));
}

/** One file from its path and text. */
export function sourceFile(path: string, text: string): SourceFile {
  const code = blanked(text);
  const forTests = /\.(test|fixture)\.ts$/.test(path) || path.startsWith('src/testing/');
  return { path, text, code, forTests, imports: [...importsOf(path, text, code)] };
}

/** The line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Static, dynamic and type imports, and re-exports: whatever names a module in a string. */
const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(?<quote>['"])(?<blank>\s*)\k<quote>/dg;

function* importsOf(path: string, text: string, code: string): Generator<Import> {
  for (const match of code.matchAll(IMPORT)) {
    const [start = 0, end = 0] = match.indices?.groups?.['blank'] ?? [];
    const specifier = text.slice(start, end);
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    yield { specifier, target, line: lineOf(text, match.index) };
  }
}

const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const PATTERN = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//y;
/** After these a slash begins a pattern, not a division. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};<>+*%~^-]|\breturn|\bof|\bin|\btypeof|\bcase|=>)\s*$/;

function blanked(text: string): string {
  let out = '';
  let i = 0;
  /** Number of open braces at which each template literal goes on. */
  const templates: number[] = [];
  let depth = 0;
  const blank = (end: number, keep: number) => {
    const inner = text.slice(i + keep, end - keep).replace(/[^\n]/g, ' ');
    out += text.slice(i, i + keep) + inner + text.slice(end - keep, end);
    i = end;
  };
  const found = (pattern: RegExp): number => {
    pattern.lastIndex = i;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  while (i < text.length) {
    const char = text[i] as string;
    const end = char === '/' ? found(COMMENT) : char === "'" || char === '"' ? found(STRING) : -1;
    if (end !== -1) blank(end, char === '/' ? 0 : 1);
    else if (char === '/' && BEFORE_PATTERN.test(out.slice(-40)) && found(PATTERN) !== -1)
      blank(found(PATTERN), 1);
    else if (char === '`' || (char === '}' && templates.at(-1) === depth)) {
      if (char === '}') templates.pop();
      const stop = endOfTemplate(text, i + 1);
      if (text[stop - 1] === '{') templates.push(depth);
      blank(stop, 1);
    } else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      out += char;
      i++;
    }
  }
  return out;
}

/** Behind the closing backtick, or behind the `${` of the next expression. */
function endOfTemplate(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '`') return i + 1;
    else if (text[i] === '$' && text[i + 1] === '{') return i + 2;
  }
  return text.length;
}
