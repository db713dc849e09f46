/** What Redshift's CREATE TABLE says beyond PostgreSQL's: read, checked, and taken off. */
import { failure } from '../protocol/messages.ts';
import { following, previous } from './rewrite.ts';
import { isBlank, type Token, text, unquoted } from './tokens.ts';

export interface TableAttributes {
  /** `AUTO`, `EVEN`, `ALL` or `KEY`; undefined when the statement says nothing. */
  diststyle?: string;
  distkey?: string;
  sortkeys: string[];
  interleaved: boolean;
  /** `AUTO` where the statement says so. */
  sortAuto: boolean;
  encodings: Record<string, string>;
  backup: boolean;
  /** PRIMARY KEY, UNIQUE and FOREIGN KEY: kept as words, never enforced. */
  constraints: string[];
}

/** The statement without attributes, and the attributes. */
export function tableAttributes(list: readonly Token[]): { tokens: Token[]; attributes: TableAttributes } {
  const reader = new AttributeReader(list);
  const tokens = reader.read();
  const { attributes } = reader;
  if (attributes.sortkeys.length > (attributes.interleaved ? 8 : 400))
    throw failure(
      '54000',
      attributes.interleaved
        ? 'interleaved sort keys are limited to 8 columns'
        : 'sort keys are limited to 400 columns',
    );
  if (attributes.diststyle === 'KEY' && attributes.distkey === undefined)
    throw failure('42601', 'DISTSTYLE KEY requires a DISTKEY column');
  if (attributes.distkey !== undefined && /^(ALL|EVEN)$/.test(attributes.diststyle ?? ''))
    throw failure('42601', `cannot specify DISTKEY with DISTSTYLE ${attributes.diststyle}`);
  return { tokens, attributes };
}

class AttributeReader {
  readonly attributes: TableAttributes = {
    sortkeys: [],
    interleaved: false,
    sortAuto: false,
    encodings: {},
    backup: true,
    constraints: [],
  };
  private depth = 0;
  private column = '';
  private readonly out: Token[] = [];

  constructor(private readonly list: readonly Token[]) {}

  read(): Token[] {
    const { list } = this;
    for (let at = 0; at < list.length; ) {
      // after AS comes a query: attributes stand before it
      if (this.depth === 0 && this.word(at) === 'AS' && this.word(following(list, at)) !== 'IDENTITY') {
        this.out.push(...list.slice(at));
        break;
      }
      at = this.step(at);
    }
    return this.out;
  }

  private step(at: number): number {
    const { list } = this;
    const token = list[at] as Token;
    const word = this.word(at);
    const next = following(list, at);
    const taken =
      this.attribute(word, at, next) ?? (this.depth === 1 ? this.ofColumn(word, at, next) : undefined);
    if (taken !== undefined) return taken;
    if (token.text === '(') this.depth++;
    if (token.text === ')') this.depth--;
    const begins = /^[(,]$/.test(list[previous(list, at)]?.text ?? '');
    if (this.depth === 1 && begins && (token.kind === 'word' || token.kind === 'quoted'))
      this.column = unquoted(token);
    this.out.push(token);
    return at + 1;
  }

  /** Attributes of the table and of columns: the place after them, or undefined. */
  private attribute(word: string, at: number, next: number): number | undefined {
    const { attributes, list } = this;
    const named = /^[(,]$/.test(list[previous(list, at)]?.text ?? '') && this.depth > 0;
    if (named) return undefined;
    if (word === 'ENCODE') {
      if (this.depth > 0) attributes.encodings[this.column] = this.word(next).toLowerCase();
      return next + 1;
    }
    if (word === 'DISTSTYLE') {
      if (!/^(AUTO|EVEN|KEY|ALL)$/.test(this.word(next)))
        throw failure('42601', `syntax error at or near "${list[next]?.text ?? ''}"`);
      attributes.diststyle = this.word(next);
      return next + 1;
    }
    if (word === 'BACKUP' && /^(YES|NO)$/.test(this.word(next))) {
      attributes.backup = this.word(next) === 'YES';
      return next + 1;
    }
    if (word === 'DISTKEY') {
      const [names, end] = this.names(next);
      if (names.length > 1) throw failure('42601', 'syntax error at or near ","');
      if (attributes.distkey !== undefined)
        throw failure('42601', 'cannot specify more than one distribution key');
      attributes.distkey = names[0] ?? this.column;
      return names.length > 0 ? end : at + 1;
    }
    if ((word === 'COMPOUND' || word === 'INTERLEAVED') && this.word(next) === 'SORTKEY') {
      attributes.interleaved = word === 'INTERLEAVED';
      return next;
    }
    if (word === 'SORTKEY') {
      if (this.word(next) === 'AUTO') {
        attributes.sortAuto = true;
        return next + 1;
      }
      const [names, end] = this.names(next);
      attributes.sortkeys.push(...(names.length > 0 ? names : [this.column]));
      return names.length > 0 ? end : at + 1;
    }
    return undefined;
  }

  /** Constraints that are information only, and identity columns. */
  private ofColumn(word: string, at: number, next: number): number | undefined {
    const { attributes, list } = this;
    const before = list[previous(list, at)]?.text ?? '';
    if (word === 'IDENTITY' && list[next]?.text === '(') return this.identity(before, next);
    const own = /^[(,]$/.test(before);
    const keyed = (word === 'PRIMARY' || word === 'FOREIGN') && this.word(next) === 'KEY';
    const unique = word === 'UNIQUE' && (!own || list[next]?.text === '(');
    const named = word === 'CONSTRAINT' && own;
    if (!keyed && !unique && !named && word !== 'REFERENCES') return undefined;
    if (named || own) return this.tableConstraint(at);
    const end = this.endOfConstraint(word, at, next);
    attributes.constraints.push(`${text(list.slice(at, end)).trim()} (${this.column})`);
    if (word === 'PRIMARY') this.out.push({ kind: 'word', text: 'not null' });
    return end;
  }

  /** `, primary key (a, b)`: with the comma before it. */
  private tableConstraint(at: number): number {
    const { list } = this;
    let depth = 0;
    let end = at;
    for (; end < list.length; end++) {
      if (list[end]?.text === '(') depth++;
      if (list[end]?.text === ')' && depth-- === 0) break;
      if (list[end]?.text === ',' && depth === 0) break;
    }
    this.attributes.constraints.push(text(list.slice(at, end)).trim());
    while (isBlank(this.out.at(-1))) this.out.pop();
    if (this.out.at(-1)?.text === ',') this.out.pop();
    return end;
  }

  private endOfConstraint(word: string, at: number, next: number): number {
    const { list } = this;
    if (word === 'UNIQUE') return at + 1;
    if (word !== 'REFERENCES') return next + 1;
    let end = next + 1;
    while (list[end]?.text === '.') end += 2;
    const open = isBlank(list[end]) ? following(list, end) : end;
    return list[open]?.text === '(' ? this.names(open)[1] : end;
  }

  private identity(before: string, open: number): number {
    const { list } = this;
    const [, end] = this.names(open);
    const numbers = text(list.slice(open + 1, end - 1))
      .split(',')
      .map(Number);
    const [seed = 0, step = 1] = numbers;
    const options = `(start with ${seed} minvalue ${Math.min(seed, 0)} increment by ${step})`;
    const already = before.toUpperCase() === 'AS';
    this.out.push({
      kind: 'symbol',
      text: already ? `identity ${options}` : `generated always as identity ${options}`,
    });
    return end;
  }

  /** The names between brackets that open here, and the place after the closing one. */
  private names(open: number): [string[], number] {
    const { list } = this;
    if (list[open]?.text !== '(') return [[], open];
    const names: string[] = [];
    let at = open + 1;
    for (; at < list.length && list[at]?.text !== ')'; at++) {
      const token = list[at] as Token;
      if (token.kind === 'word' || token.kind === 'quoted') names.push(unquoted(token));
    }
    return [names, at + 1];
  }

  private word(at: number): string {
    const token = this.list[at];
    return token === undefined || token.kind === 'quoted' || token.kind === 'string'
      ? ''
      : token.text.toUpperCase();
  }
}
