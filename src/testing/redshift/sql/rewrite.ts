/**
 * Redshift's SQL → PostgreSQL's, for what differs anywhere in a statement: names, types, functions. What differs by
 * the kind of statement (table attributes, views, COPY) is done before, in the file of its name.
 */
import { failure } from '../protocol/messages.ts';
import { rewriteCall } from './calls.ts';
import type { Names } from './names.ts';
import { isBlank, quoteName, type Token, unquoted } from './tokens.ts';

export interface RewriteContext {
  names: Names;
  /** What the client calls its database. */
  database: string;
  /** `enable_case_sensitive_identifier` is on. */
  caseSensitive: boolean;
  /** Answers of `pg_last_copy_count()` and its kin, by the function's name. */
  counters: Readonly<Record<string, number>>;
}

/** Views of the standard that must not show what is the double's own, nor the columns of late-binding views. */
const STANDARD_VIEWS = new Set(['tables', 'columns', 'views', 'schemata']);

/** Types that PostgreSQL spells otherwise. */
const TYPES: Readonly<Record<string, string>> = {
  NVARCHAR: 'varchar',
  VARBYTE: 'bytea',
  VARBINARY: 'bytea',
};

/** Words after which a type without a length may stand. */
const BEFORE_TYPE = new Set(['::', 'AS', 'TYPE', 'RETURNS']);

export function rewrite(list: readonly Token[], context: RewriteContext): string {
  let out = '';
  for (let at = 0; at < list.length; ) {
    const [written, next] = rewriteAt(list, at, context);
    out += written;
    at = next;
  }
  return out;
}

function rewriteAt(list: readonly Token[], at: number, context: RewriteContext): [string, number] {
  const token = list[at] as Token;
  if (token.kind === 'comment') return [' ', at + 1];
  if (token.kind !== 'word' && token.kind !== 'quoted') return [token.text, at + 1];
  const before = list[previous(list, at)]?.text.toUpperCase() ?? '';
  if (before !== '.') {
    const rest = afterDatabase(list, at, context);
    if (rest !== undefined) return rewriteAt(list, rest, context);
  }
  if (token.kind === 'quoted')
    return [quoteName(context.names.behind(unquoted(token), context.caseSensitive)), at + 1];
  const word = token.text.toUpperCase();
  if (word === 'INFORMATION_SCHEMA') {
    const view = following(list, following(list, at));
    const name = list[view] === undefined ? '' : unquoted(list[view] as Token);
    if (STANDARD_VIEWS.has(name)) return [`sq_rs.is_${name}`, view + 1];
  }
  const next = following(list, at);
  const bracket = list[next]?.text === '(';
  if (bracket) {
    const length = sizedType(list, at, next);
    if (length !== undefined) return length;
    if (before !== '.') {
      const call = rewriteCall(list, at, next, (part) => rewrite(part, context), context);
      if (call !== undefined) return call;
    }
  } else {
    const plain = plainWord(word, before, list[next]?.text.toUpperCase() ?? '');
    if (plain !== undefined) return [plain, at + 1];
  }
  if (word === 'MINUS') return ['except', at + 1];
  if (word === 'APPROXIMATE') return ['', at + 1];
  if (word.startsWith('#')) return [quoteName(context.names.behind(token.text.toLowerCase())), at + 1];
  if (word in TYPES)
    return [TYPES[word] as string, bracket && word !== 'NVARCHAR' ? closing(list, next) + 1 : at + 1];
  return [Buffer.byteLength(token.text) > 63 ? context.names.behind(token.text) : token.text, at + 1];
}

/** `db.schema.name` with the database's own name: the place after the first dot. */
function afterDatabase(list: readonly Token[], at: number, { database }: RewriteContext): number | undefined {
  if (unquoted(list[at] as Token).toLowerCase() !== database) return undefined;
  const dot = following(list, at);
  const schema = following(list, dot);
  const second = following(list, schema);
  return list[dot]?.text === '.' && list[second]?.text === '.' ? schema : undefined;
}

/** `varchar(max)`, and lengths that Redshift refuses. */
function sizedType(list: readonly Token[], at: number, open: number): [string, number] | undefined {
  const type = (list[at] as Token).text.toLowerCase();
  if (!['varchar', 'nvarchar', 'varying', 'char', 'bpchar', 'character'].includes(type)) return undefined;
  const size = list[following(list, open)]?.text ?? '';
  const most = /^(varchar|nvarchar|varying)$/.test(type) ? 65_535 : 4_096;
  const shown = type === 'varying' ? 'varchar' : type;
  if (Number(size) > most) throw failure('22023', `length for type ${shown} cannot exceed ${most}`);
  if (size.toUpperCase() !== 'MAX') return undefined;
  return [`${type === 'nvarchar' ? 'varchar' : type}(${most})`, closing(list, open) + 1];
}

function plainWord(word: string, before: string, after: string): string | undefined {
  if (word === 'SYSDATE') return 'sysdate()';
  const typed = BEFORE_TYPE.has(before);
  // without a length these are varchar(256) and decimal(18,0): DG r_Character_types, r_Numeric_types201
  if (word === 'VARCHAR' || word === 'NVARCHAR') return 'varchar(256)';
  if (word === 'VARYING' && before === 'CHARACTER') return 'varying(256)';
  if ((word === 'NUMERIC' || word === 'DECIMAL') && typed) return 'numeric(18,0)';
  if (word === 'DEC' && typed && after !== '.') return 'numeric(18,0)';
  return undefined;
}

export function following(list: readonly Token[], at: number): number {
  let next = at + 1;
  while (isBlank(list[next])) next++;
  return next;
}

export function previous(list: readonly Token[], at: number): number {
  let next = at - 1;
  while (isBlank(list[next])) next--;
  return next;
}

export function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < list.length; at++) {
    if (list[at]?.text === '(') depth++;
    if (list[at]?.text === ')' && --depth === 0) return at;
  }
  throw failure('42601', 'syntax error at end of input');
}
