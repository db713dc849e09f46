/** Filters on text. */
import { percentFormat } from '../format/percent-format.ts';
import { splitArguments } from '../methods/arguments.ts';
import { capitalize } from '../methods/letters.ts';
import { center, indexOr, replaceText, requireText } from '../methods/string-methods.ts';
import { isSpace, splitLines, strip } from '../methods/whitespace.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { lengthOf } from '../values/iteration.ts';
import { escapeHtml, Markup, stringOf } from '../values/markup.ts';
import { toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import { tupleOf } from '../values/tuple.ts';
import { isInteger, typeName } from '../values/types.ts';
import { refuseUndefined } from '../values/undefined.ts';
import { type Filter, filter, simple, soft } from './filter.ts';
import { wrapLine } from './word-wrap.ts';

const format: Filter = (_, value, ...args) => {
  const { positional, keywords } = splitArguments(args);
  const names = Object.keys(keywords);
  if (positional.length > 0 && names.length > 0) {
    fail('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  }
  const argument = names.length > 0 ? new Dict(Object.entries(keywords)) : tupleOf(positional);
  if (value instanceof Markup) return new Markup(percentFormat(value.text, argument, escapeHtml));
  return percentFormat(toText(value), argument);
};

const indent = filter(
  'indent',
  ['width', 'first', 'blank'],
  0,
  (_, value, width = 4, first = false, blank = false) => {
    if (stringOf(value) === undefined) {
      refuseUndefined(value);
      fail('TypeError', `unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
    }
    const given = stringOf(width);
    if (given === undefined && !isInteger(width) && typeof width !== 'boolean') {
      fail('TypeError', `can't multiply sequence by non-int of type '${typeName(width)}'`);
    }
    const space = given ?? ' '.repeat(Math.max(0, indexOr(width, 4)));
    return soft(value, (text) => {
      const lines = splitLines(`${text}\n`);
      const indented = lines.map((line, i) =>
        i > 0 && (line !== '' || isTruthy(blank)) ? space + line : line,
      );
      return (isTruthy(first) ? space : '') + indented.join('\n');
    });
  },
);

const title = simple('title', (value) => {
  // a word starts at the beginning and after - whitespace ( { [ <
  let out = '';
  let atStart = true;
  for (const char of toText(value)) {
    const separates = '-({[<'.includes(char) || isSpace(char.charCodeAt(0));
    out += separates ? char : atStart ? char.toUpperCase() : char.toLowerCase();
    atStart = separates;
  }
  return out;
});

const truncate = filter(
  'truncate',
  ['length', 'killwords', 'end', 'leeway'],
  0,
  (_, value, length = 255, killWords = false, end = '...', leeway = null) => {
    const most = indexOr(length, 255);
    const slack = indexOr(leeway ?? undefined, 5);
    const tail = requireText(end, 'end');
    if (most < tail.length) fail('ValueError', `expected length >= ${tail.length}, got ${most}`);
    if (slack < 0) fail('ValueError', `expected leeway >= 0, got ${slack}`);
    if (lengthOf(value) <= most + slack) return value;
    requireText(value, 'truncate() value');
    return soft(value, (text) => {
      const kept = [...text].slice(0, most - tail.length).join('');
      if (isTruthy(killWords)) return kept + tail;
      const space = kept.lastIndexOf(' ');
      return (space === -1 ? kept : kept.slice(0, space)) + tail;
    });
  },
);

const wordWrap = filter(
  'wordwrap',
  ['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'],
  0,
  (_, value, width = 79, breakLong = true, wrapString = null, onHyphens = true) => {
    const text = requireText(value, 'wordwrap() value');
    const joiner = stringOf(wrapString) ?? '\n';
    const most = indexOr(width, 79);
    if (most <= 0) fail('ValueError', `invalid width ${most} (must be > 0)`);
    const options = { breakLongWords: isTruthy(breakLong), breakOnHyphens: isTruthy(onHyphens) };
    return splitLines(text)
      .map((line) => wrapLine(line, most, options).join(joiner))
      .join(joiner);
  },
);

const replace = filter('replace', ['old', 'new', 'count'], 2, (_, value, from, to, count = null) =>
  replaceText(toText(value), toText(from), toText(to), indexOr(count ?? undefined, -1)),
);

export const textFilters: Readonly<Record<string, Filter>> = {
  capitalize: simple('capitalize', (value) => soft(value, capitalize)),
  center: filter('center', ['width'], 0, (_, value, width = 80) =>
    soft(value, (text) => center(text, indexOr(width, 80))),
  ),
  format,
  indent,
  lower: simple('lower', (value) => soft(value, (text) => text.toLowerCase())),
  replace,
  string: simple('string', (value) => soft(value, (text) => text)),
  title,
  trim: filter('trim', ['chars'], 0, (_, value, chars = null) =>
    soft(value, (text) => strip(text, chars === null ? undefined : requireText(chars, 'strip arg'))),
  ),
  truncate,
  upper: simple('upper', (value) => soft(value, (text) => text.toUpperCase())),
  wordcount: simple(
    'wordcount',
    (value) => (toText(value).match(/[\p{L}\p{N}\p{Mn}\p{Mc}_]+/gu) ?? []).length,
  ),
  wordwrap: wordWrap,
};
