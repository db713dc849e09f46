/** The body of a copy model: `select * from {{ source(...) }}`, or names of columns in place of the star. */
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode, SourceNode } from '../manifest/nodes.ts';

/** Named columns in their order, or null for all. */
export type CopyColumns = string[] | null;

const NAME = /(?:[A-Za-z_][\w$]*|"(?:[^"]|"")+")/y;

/**
 * Reads the author's text, not the compiled one, so that an error has its line. Throws SqError kind Compilation
 * for any other body, for a source without files, and for names that the source does not declare.
 */
export function copyColumns(node: CompiledNode, source: SourceNode | undefined): CopyColumns {
  const reader = new BodyReader(node);
  reader.word('select');
  const columns = reader.columns();
  reader.word('from');
  reader.source();
  reader.end();
  if (source === undefined || !source.external) {
    const name =
      source === undefined ? 'what it selects from' : `source ${source.source_name}.${source.name}`;
    throw reader.error(
      `A copy model loads files, and ${name} declares none.`,
      'give the source external: {location, format}, or materialize this model as a table',
    );
  }
  const declared = Object.values(source.columns).map(({ name }) => name);
  for (const { name, at } of columns ?? []) {
    if (declared.some((other) => other.toLowerCase() === name.toLowerCase())) continue;
    const near = nearest(name, declared);
    throw reader.error(
      `Source ${source.source_name}.${source.name} declares no column ${name}.`,
      near === undefined ? `its columns are: ${declared.join(', ')}` : `did you mean ${near}?`,
      at,
    );
  }
  return columns?.map(({ name }) => name) ?? null;
}

class BodyReader {
  private readonly text: string;
  private at = 0;

  constructor(private readonly node: CompiledNode) {
    this.text = masked(node.raw_code);
  }

  word(expected: string): void {
    this.blank();
    const found = /[A-Za-z_]\w*/y;
    found.lastIndex = this.at;
    const word = found.exec(this.text)?.[0] ?? '';
    if (word.toLowerCase() !== expected) throw this.unexpected();
    this.at += word.length;
  }

  columns(): { name: string; at: number }[] | null {
    this.blank();
    if (this.text[this.at] === '*') {
      this.at += 1;
      return null;
    }
    const columns: { name: string; at: number }[] = [];
    for (;;) {
      this.blank();
      NAME.lastIndex = this.at;
      const name = NAME.exec(this.text)?.[0];
      if (name === undefined) throw this.unexpected();
      columns.push({
        name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
        at: this.at,
      });
      this.at += name.length;
      this.blank();
      if (this.text[this.at] !== ',') return columns;
      this.at += 1;
    }
  }

  source(): void {
    this.blank();
    const call = /\{\{-?\s*source\s*\((?:[^{}]|\{[^{}]*\})*\)\s*-?\}\}/y;
    call.lastIndex = this.at;
    const found = call.exec(this.text)?.[0];
    if (found === undefined) throw this.unexpected();
    this.at += found.length;
  }

  end(): void {
    this.blank();
    if (this.text[this.at] === ';') this.at += 1;
    this.blank();
    if (this.at < this.text.length) throw this.unexpected();
  }

  error(message: string, hint: string, at = 0): SqError {
    const before = this.node.raw_code.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    return new SqError({
      kind: 'Compilation',
      code: 'copy-body',
      message,
      at: { path: this.node.original_file_path, line, column },
      hint,
    });
  }

  private unexpected(): SqError {
    const rest = this.text.slice(this.at);
    const found = /^(?:\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|[\w$]+|\S)/.exec(rest)?.[0];
    return this.error(
      `The body of a copy model is \`select * from {{ source(...) }}\`, or names of columns in place of the star; found ${found === undefined ? 'its end' : `\`${found}\``}.`,
      'load everything as it is, and filter or change it in a model that selects from this one',
      this.at,
    );
  }

  private blank(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

/** Comments and `{{ config(...) }}` as blanks of the same length. */
function masked(text: string): string {
  return text.replace(
    /\{#[\s\S]*?#\}|\/\*[\s\S]*?\*\/|--[^\n]*|\{\{-?\s*config\s*\([\s\S]*?\)\s*-?\}\}|\{%-?\s*(?:do\s+config\s*\([\s\S]*?\))\s*-?%\}/g,
    (part) => part.replace(/[^\n]/g, ' '),
  );
}
