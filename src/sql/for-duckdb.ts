/**
 * A query of another engine in DuckDB's words, good enough to be bound: its types are wanted, its rows never are. What is
 * not known here stays as it is, and the engine then says that it does not know it either.
 */
import { inside, type Node } from './ast.ts';
import { writtenForDuckDb } from './polyglot.ts';

export function forDuckDb(statement: Node): string | undefined {
  return writtenForDuckDb(rewritten(statement) as Node);
}

/** Functions whose first argument is a word of the date; as macros they take it as a text. */
const WITH_PART = /^(date_?add|date_?diff|date_?part)$/i;
/** The library writes these in a way that only means the same on the engine it knows them from. */
const AS_MACRO = new Set([
  'dateadd',
  'date_add',
  'datediff',
  'date_diff',
  'getdate',
  'sysdate',
  'convert_timezone',
  'to_char',
  'regexp_substr',
  'regexp_count',
  'months_between',
  'json_extract_path_text',
]);

function rewritten(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewritten);
  if (typeof node !== 'object' || node === null) return node;
  const call = inside<{ name: string; args: Node[] }>(node, 'function');
  if (call?.args !== undefined) return { function: functionCall(call) };
  const listagg = listAggregate(node as Node);
  if (listagg !== undefined) return listagg;
  // words that are names there may be words of the language here
  if (isIdentifier(node as Node)) return { ...node, quoted: true };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rewritten(value)]));
}

function functionCall(call: { name: string; args: Node[] }): unknown {
  const name = call.name.toLowerCase();
  const args = call.args.map((arg, i) => (i === 0 && WITH_PART.test(name) ? part(arg) : rewritten(arg)));
  if (!AS_MACRO.has(name)) return { ...call, args };
  return { ...call, name: `sq_${name}`, args, no_parens: false };
}

/** `day` as `'day'`. */
function part(arg: Node): unknown {
  const word =
    inside<{ this: string }>(arg, 'var')?.this ??
    inside<{ name: { name: string } }>(arg, 'column')?.name.name;
  return word === undefined
    ? rewritten(arg)
    : { literal: { literal_type: 'string', value: word.toLowerCase() } };
}

/** `listagg(x, ',') within group (order by y)` is text whatever it is ordered by. */
function listAggregate(node: Node): unknown {
  const group = inside<{ this: Node }>(node, 'within_group');
  const list =
    group && inside<{ this: Node; separator: Node | null; distinct: boolean }>(group.this, 'list_agg');
  if (list === undefined) return undefined;
  return {
    string_agg: {
      this: {
        cast: {
          this: rewritten(list.this),
          to: { data_type: 'text' },
          trailing_comments: [],
          double_colon_syntax: false,
        },
      },
      separator: rewritten(list.separator) ?? { literal: { literal_type: 'string', value: '' } },
      order_by: null,
      distinct: list.distinct,
      filter: null,
    },
  };
}

function isIdentifier(node: Node): boolean {
  return typeof node.name === 'string' && typeof node.quoted === 'boolean' && node.args === undefined;
}
