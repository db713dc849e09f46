/**
 * One YAML text as plain data. Values come the cheapest way; places are found by reading the text again, and
 * only when somebody asks for one.
 */
import { SqError } from '../../errors.ts';
import type { YamlDocument } from '../contract.ts';
import { Builder, type DuplicateKey, type Key, type Marks } from './builder.ts';
import { readEveryday } from './everyday-reader.ts';
import { readWithLibrary, type YamlProblem, YamlProblemError } from './library-reader.ts';

/**
 * The document of `text`. `path` is what errors and places name: relative to the project.
 * Throws kind Runtime, code `yaml-syntax`, with dbt's excerpt, the place and what to do.
 */
export function parseYaml(text: string, path: string): YamlDocument {
  return new ParsedYaml(text, path);
}

class ParsedYaml implements YamlDocument {
  readonly value: unknown;
  private readonly text: string;
  private readonly floats: ReadonlyMap<object, ReadonlySet<Key>> | undefined;
  private readonly duplicates: readonly DuplicateKey[];
  private marked: { value: unknown; at: number; marks: Marks } | undefined;

  constructor(
    text: string,
    readonly path: string,
  ) {
    this.text = normalized(text);
    const builder = new Builder();
    this.value = read(this.text, builder, path).value;
    this.floats = builder.floats;
    this.duplicates = builder.duplicates;
  }

  get duplicateKeys(): { key: string; path: string; line: number; column: number }[] {
    return this.duplicates.map(({ key, offset }) => ({ key, ...this.place(offset) }));
  }

  isFloat(container: object, key: Key): boolean {
    return this.floats?.get(container)?.has(key) ?? false;
  }

  locate(
    keys: readonly Key[],
    options: { key?: boolean } = {},
  ): { path: string; line: number; column: number } {
    if (!this.marked) {
      const marks: Marks = new Map();
      this.marked = { ...read(this.text, new Builder(marks), this.path), marks };
    }
    let container = this.marked.value;
    let offset = this.marked.at;
    for (let i = 0; i < keys.length; i++) {
      const mark =
        typeof container === 'object' && container !== null
          ? this.marked.marks.get(container)?.get(keys[i] as Key)
          : undefined;
      if (!mark) break;
      const last = i === keys.length - 1;
      offset = last && options.key ? mark.key : mark.value;
      // a value on a later line, or none: the key is the better place to look at
      if (offset >= this.text.length || /[\n#]/.test(this.text.slice(mark.key, offset + 1)))
        offset = mark.key;
      container = (container as Record<Key, unknown>)[keys[i] as Key];
    }
    return this.place(offset);
  }

  private place(offset: number): { path: string; line: number; column: number } {
    return { path: this.path, ...lineAndColumn(this.text, offset) };
  }
}

function normalized(text: string): string {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return plain.includes('\r') ? plain.replace(/\r\n?/g, '\n') : plain;
}

function read(text: string, builder: Builder, path: string): { value: unknown; at: number } {
  return readEveryday(text, builder) ?? readSlowly(text, builder, path);
}

function readSlowly(text: string, builder: Builder, path: string): { value: unknown; at: number } {
  builder.reset();
  try {
    return readWithLibrary(text, builder);
  } catch (thrown) {
    if (thrown instanceof YamlProblemError) throw syntaxError(thrown.problem, text, path, thrown);
    throw thrown;
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/** dbt's message: the lines around the place, numbered, then the parser's reason. */
function syntaxError(problem: YamlProblem, text: string, path: string, cause: unknown): SqError {
  const { line, column } = lineAndColumn(text, problem.offset);
  const from = Math.max(line - 4, 0);
  const excerpt = text
    .split('\n')
    .slice(from, line + 3)
    .map((content, i) => `${String(from + i + 1).padEnd(3)}| ${content}`)
    .join('\n');
  const rule = '-'.repeat(30);
  return new SqError({
    kind: 'Runtime',
    code: 'yaml-syntax',
    message: `Syntax error near line ${line}\n${rule}\n${excerpt}\n\nRaw Error:\n${rule}\n${problem.reason}`,
    at: { path, line, column },
    hint: problem.hint,
    cause,
  });
}
