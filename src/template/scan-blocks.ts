/**
 * dbt's scanner for the blocks of macro, test, snapshot and docs files: it finds where top-level blocks start
 * and end without reading what is in them, so a file with one broken macro still gives its other macros.
 */
import { SqError } from '../errors.ts';
import type { Block } from './contract.ts';
import { stripEnd, stripStart } from './methods/whitespace.ts';
import { TemplateSource } from './runtime/source.ts';

interface Tag {
  type: string;
  name: string;
  start: number;
  end: number;
}

const CONTROL: Readonly<Record<string, string>> = { endif: 'if', endfor: 'for' };
const NAME = /[A-Za-z_]\w*/y;

/**
 * The top-level blocks of a file, in order. Text, comments, raw blocks and tags between the blocks are passed
 * over; tags inside a docs block too, as its contents are not Jinja to dbt until rendered.
 *
 * @param allowed block types to find, e.g. `['macro', 'test', 'materialization']`
 * @throws SqError kind Compilation for a block that is not closed, nested in another or inside if/for
 */
export function scanBlocks(source: string, path: string, allowed: readonly string[]): Block[] {
  return new BlockScanner(source, path, new Set(allowed)).scan();
}

class BlockScanner {
  private readonly blocks: Block[] = [];
  private readonly file: TemplateSource;
  /** Open if and for tags. */
  private readonly control: string[] = [];
  private current: Tag | undefined;
  private at = 0;

  constructor(
    private readonly text: string,
    path: string,
    private readonly allowed: ReadonlySet<string>,
  ) {
    this.file = new TemplateSource(path, text, {});
  }

  scan(): Block[] {
    for (let tag = this.nextTag(); tag !== undefined; tag = this.nextTag()) {
      this.followControl(tag);
      if (this.allowed.has(tag.type)) this.open(tag);
      else if (this.current !== undefined && tag.type === `end${this.current.type}`) this.close(tag);
    }
    if (this.current !== undefined) {
      const { line } = this.file.locate(this.current.start);
      this.fail(
        'unclosed-block',
        `Reached EOF without finding a close tag for ${this.current.type} (searched from line ${line})`,
        this.current.start,
        `close the ${this.current.type} with {% end${this.current.type} %}`,
      );
    }
    return this.blocks;
  }

  private open(tag: Tag): void {
    if (this.control.length > 0) {
      const { line, column } = this.file.locate(tag.start);
      this.fail(
        'nested-block',
        `Got a block definition inside control flow at ${line}:${column! - 1}. All dbt block definitions must be at the top level`,
        tag.start,
      );
    }
    if (this.current !== undefined) {
      const { type, start } = this.current;
      this.fail(
        'nested-block',
        `Got nested tags: ${type} (started at ${start}) did not have a matching {% end${type} %} before a subsequent ${tag.type} was found (started at ${tag.start})`,
        tag.start,
        `the ${type} that is still open starts in line ${this.file.locate(start).line}`,
      );
    }
    this.current = tag;
  }

  private close(tag: Tag): void {
    const { text } = this;
    const start = this.current!;
    // `-%}` and `{%-` take the whitespace beside them, as in a rendered template
    let contents = text.slice(start.end, tag.start);
    if (text[start.end - 3] === '-') contents = stripStart(contents);
    const from = tag.start - contents.length;
    if (text[tag.start + 2] === '-') contents = stripEnd(contents);
    this.blocks.push({
      type: start.type,
      name: start.name,
      fullText: text.slice(start.start, tag.end),
      contents,
      span: this.span(start.start),
      contentsSpan: this.span(from),
    });
    this.current = undefined;
  }

  private span(offset: number) {
    const { path, line, column } = this.file.locate(offset);
    return { path, offset, line: line!, column: column! };
  }

  private followControl({ type, start }: Tag): void {
    // what stands in a docs block is prose about Jinja as often as Jinja
    if (this.current?.type === 'docs') return;
    if (type === 'if' || type === 'for') this.control.push(type);
    const expected = CONTROL[type];
    if (expected === undefined) return;
    const opened = this.control.pop();
    if (opened === expected) return;
    const { line, column } = this.file.locate(start);
    const why = opened === undefined ? `never saw a preceeding ${expected}` : `expected end${opened} next`;
    this.fail(
      'control-flow',
      `Got an unexpected control flow end tag, got ${type} but ${why} (@ ${line}:${column! - 1})`,
      start,
    );
  }

  /** The next `{% name ... %}`; comments, expressions and raw blocks before it are passed over. */
  private nextTag(): Tag | undefined {
    const { text } = this;
    for (;;) {
      const start = text.indexOf('{', this.at);
      if (start === -1) return undefined;
      this.at = start + 2;
      switch (text[start + 1]) {
        case '#':
          this.at = this.after('#}', this.at, start);
          break;
        case '{':
          // prose in docs may hold a lone {{, which is nobody's business
          if (this.current?.type === 'docs') break;
          this.skipTo('}}', start);
          break;
        case '%': {
          const tag = this.tag(start);
          if (tag !== undefined) return tag;
          break;
        }
        default:
          this.at = start + 1;
      }
    }
  }

  private tag(start: number): Tag | undefined {
    const { text } = this;
    if (text[this.at] === '-' || text[this.at] === '+') this.at += 1;
    const type = this.word();
    if (type === '') return undefined;
    const inDocs = this.current?.type === 'docs';
    if (inDocs && type !== 'enddocs' && !this.allowed.has(type)) {
      if (type === 'raw') this.skipRaw(start);
      return undefined;
    }
    if (type === 'raw') {
      this.skipRaw(start);
      return undefined;
    }
    const name = this.word();
    this.skipTo('%}', start);
    return { type, name, start, end: this.at };
  }

  private word(): string {
    const { text } = this;
    let at = this.at;
    while (/\s/.test(text[at] ?? '')) at += 1;
    NAME.lastIndex = at;
    const match = NAME.exec(text);
    if (match === null) return '';
    this.at = NAME.lastIndex;
    return match[0];
  }

  /** Moves behind the end of a tag; quotes hide it. */
  private skipTo(end: '}}' | '%}', start: number): void {
    const { text } = this;
    for (let at = this.at; at < text.length; at++) {
      const char = text[at];
      if (char === end[0] && text[at + 1] === end[1]) {
        this.at = at + 2;
        return;
      }
      if (char === '"' || char === "'") at = this.stringEnd(at, start);
    }
    this.endOfFile(end, start);
  }

  private stringEnd(open: number, tag: number): number {
    const { text } = this;
    for (let at = open + 1; at < text.length; at++) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === text[open]) return at;
    }
    return this.endOfFile('string', tag);
  }

  private skipRaw(start: number): void {
    const end = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
    end.lastIndex = this.at;
    if (end.exec(this.text) === null) this.endOfFile('{% raw %}...{% endraw %}', start);
    this.at = end.lastIndex;
  }

  private after(end: string, from: number, start: number): number {
    const at = this.text.indexOf(end, from);
    return at === -1 ? this.endOfFile(end, start) : at + end.length;
  }

  private endOfFile(expected: string, start: number): never {
    const rest = this.text.slice(start, start + 60).split('\n')[0]!;
    return this.fail('unclosed-tag', `unexpected EOF, expected ${expected}, got "${rest}"`, start);
  }

  private fail(code: string, message: string, pos: number, hint?: string): never {
    throw new SqError({
      kind: 'Compilation',
      code,
      message,
      at: this.file.locate(pos),
      excerpt: this.file.excerpt(pos),
      hint,
    });
  }
}
