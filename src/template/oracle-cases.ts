/** The oracle's table: cases made by Jinja2 itself, one JSON object a line. For tests and scripts/oracle.mjs. */

import type { Template } from './contract.ts';
import { literalCalls, renderLiteral } from './literal.ts';
import { splitArguments } from './methods/arguments.ts';
import { parseTemplate } from './template.ts';
import { fromJs } from './values/convert.ts';
import { Dict } from './values/dict.ts';
import { asFloat } from './values/float.ts';
import { labelled } from './values/labels.ts';
import { toText } from './values/text.ts';
import { tupleOf } from './values/tuple.ts';

export interface OracleCase {
  src: string;
  ctx: Record<string, unknown>;
  group: string;
  /** The text, or instead the name of the exception. */
  out?: string;
  err?: string;
}

/** Reads the lines of a table. */
export function readCases(text: string): OracleCase[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as OracleCase);
}

const ROWS = [
  { name: 'id', dtype: 'int', column: 'ID', quoted: '"id"' },
  { name: 'amt', dtype: 'text', column: 'AMT', quoted: '"amt"' },
];
const RECORD = { name: 'n', schema: 's', database: 'db', columns: ['a', 'b'], n: 3 };

function callable(kind: string): unknown {
  const answer = (...args: unknown[]): unknown => {
    const { positional, keywords } = splitArguments(args);
    switch (kind) {
      case 'str': {
        const named = Object.entries(keywords).map(([name, value]) => `${name}=${toText(value)}`);
        return `fn(${[...positional.map(toText), ...named].join(', ')})`;
      }
      case 'list':
        return ['a', 'b', 'c_d'];
      case 'rows':
        return fromJs(ROWS);
      case 'dict':
        return fromJs(RECORD);
      case 'id':
        return positional.length > 0 ? positional[0] : null;
      case 'int':
        return positional.length;
      case 'true':
        return true;
      case 'false':
        return false;
      case 'empty':
        return '';
      case 'fn':
        return callable('str');
      default:
        return null;
    }
  };
  return labelled(answer, { text: '<F>', type: 'F' });
}

/** A value of a case's context; `$d`, `$t`, `$fl` and `$f` as shared/oracle/README.md describes them. */
function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  if ('$fl' in value) return asFloat(Number(value.$fl));
  if ('$t' in value) return tupleOf((value.$t as unknown[]).map(decode));
  if ('$f' in value) return callable(String(value.$f));
  if ('$d' in value)
    return new Dict((value.$d as [unknown, unknown][]).map(([k, v]) => [decode(k), decode(v)]));
  return new Dict(Object.entries(value).map(([k, v]) => [k, decode(v)]));
}

function optionsFor(one: OracleCase) {
  const names = new Map(Object.entries(one.ctx).map(([name, value]) => [name, decode(value)]));
  return { lookup: (name: string) => names.get(name), undefinedMode: 'strict-use' as const };
}

/** What a render gave: the text, or the error's message. */
type Outcome = { out: string } | { error: string };

function failure(thrown: unknown): Outcome {
  return { error: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** The template of a case, or why it is none. */
function parseCase(one: OracleCase): Template | Outcome {
  try {
    return parseTemplate(one.src, { path: 'case.sql' });
  } catch (thrown) {
    return failure(thrown);
  }
}

function renderSync(template: Template, one: OracleCase): Outcome {
  try {
    return { out: template.render(optionsFor(one)) };
  } catch (thrown) {
    return failure(thrown);
  }
}

async function renderAsync(template: Template, one: OracleCase): Promise<Outcome> {
  try {
    return { out: await template.renderAsync(optionsFor(one)) };
  } catch (thrown) {
    return failure(thrown);
  }
}

/** The render of the fast path, where it applies: the calls answer as the case's functions do. */
function renderFast(one: OracleCase): Outcome | undefined {
  const literal = literalCalls(one.src);
  if (literal === undefined) return undefined;
  try {
    const { lookup } = optionsFor(one);
    const out = renderLiteral(literal, ({ name, args }) => {
      const fn = lookup(name);
      if (typeof fn !== 'function') throw new Error(`'${name}' is undefined`);
      return toText((fn as (...given: unknown[]) => unknown)(...args));
    });
    return { out };
  } catch (thrown) {
    return failure(thrown);
  }
}

/** Undefined when the outcome is what Jinja2 gave (the same text, or an error on both sides), else why not. */
function mismatch(one: OracleCase, outcome: Outcome): string | undefined {
  if ('error' in outcome) {
    return one.err === undefined ? `raised ${outcome.error}, expected ${JSON.stringify(one.out)}` : undefined;
  }
  if (one.err !== undefined) return `gave ${JSON.stringify(outcome.out)}, expected ${one.err}`;
  if (outcome.out === one.out) return undefined;
  return `gave ${JSON.stringify(outcome.out)}, expected ${JSON.stringify(one.out)}`;
}

/** Every way to render one case, compared with the table; undefined when all agree. */
export async function checkCase(one: OracleCase): Promise<string | undefined> {
  const template = parseCase(one);
  if (!('render' in template)) return mismatch(one, template);
  const ways: [string, Outcome | undefined][] = [
    ['sync', renderSync(template, one)],
    ['async', await renderAsync(template, one)],
    ['fast', renderFast(one)],
  ];
  for (const [way, outcome] of ways) {
    const failed = outcome && mismatch(one, outcome);
    if (failed !== undefined) return `${way}: ${failed}`;
  }
  return undefined;
}
