import { fail } from '../values/failure.ts';
import { repr, toText } from '../values/text.ts';
import { formatValue } from './format-spec.ts';
import { asciiOnly } from './percent-format.ts';

/** How fields such as `{0.name[key]}` reach into values: the same guarded access that templates have. */
export interface FieldAccess {
  attribute(value: unknown, name: string): unknown;
  item(value: unknown, key: unknown): unknown;
}

export interface FormatArguments {
  positional: readonly unknown[];
  keywords: Readonly<Record<string, unknown>>;
}

/** How a value becomes text in a field; Markup escapes here. */
export type FieldText = (value: unknown, spec: string) => string;

/**
 * `str.format(*args, **kwargs)` in Jinja's sandbox: attributes are looked up as the template would, so no field
 * reaches an internal. Raises ValueError, IndexError and KeyError as Python.
 */
export function strFormat(
  format: string,
  given: FormatArguments,
  access: FieldAccess,
  fieldText: FieldText = formatValue,
): string {
  return new Formatter(given, access, fieldText).format(format, 2);
}

class Formatter {
  /** Undefined until the first field decides between `{}` and `{0}`. */
  private numbering: 'automatic' | 'manual' | undefined;
  private next = 0;

  constructor(
    private readonly given: FormatArguments,
    private readonly access: FieldAccess,
    private readonly fieldText: FieldText,
  ) {}

  format(text: string, depth: number): string {
    if (depth < 0) fail('ValueError', 'Max string recursion exceeded');
    let out = '';
    let at = 0;
    while (at < text.length) {
      const char = text[at]!;
      if (char !== '{' && char !== '}') {
        out += char;
        at += 1;
      } else if (text[at + 1] === char) {
        out += char;
        at += 2;
      } else if (char === '}') {
        fail('ValueError', "Single '}' encountered in format string");
      } else {
        const end = fieldEnd(text, at);
        out += this.field(text.slice(at + 1, end), depth);
        at = end + 1;
      }
    }
    return out;
  }

  private field(body: string, depth: number): string {
    const { name, conversion, spec } = splitField(body);
    const value = this.value(name);
    const finalSpec = this.format(spec, depth - 1);
    switch (conversion) {
      case undefined:
        return this.fieldText(value, finalSpec);
      case 'r':
        return this.fieldText(repr(value), finalSpec);
      case 'a':
        return this.fieldText(asciiOnly(repr(value)), finalSpec);
      case 's':
        return this.fieldText(toText(value), finalSpec);
      default:
        return fail('ValueError', `Unknown conversion specifier ${conversion}`);
    }
  }

  private value(name: string): unknown {
    const first = /^[^.[]*/.exec(name)![0];
    let value = this.argument(first);
    let rest = name.slice(first.length);
    while (rest !== '') {
      const step = /^(?:\.([^.[]+)|\[([^\]]+)\])/.exec(rest);
      if (step === null) {
        return fail(
          'ValueError',
          rest[0] === '[' ? "Missing ']' in format string" : 'Empty attribute in format string',
        );
      }
      const [text, attribute, key] = step;
      if (attribute !== undefined) value = this.access.attribute(value, attribute);
      else value = this.access.item(value, /^\d+$/.test(key!) ? Number(key) : key);
      rest = rest.slice(text.length);
    }
    return value;
  }

  private argument(key: string): unknown {
    const { positional, keywords } = this.given;
    if (key === '' || /^\d+$/.test(key)) {
      const mode = key === '' ? 'automatic' : 'manual';
      this.numbering ??= mode;
      if (this.numbering !== mode) {
        fail(
          'ValueError',
          mode === 'manual'
            ? 'cannot switch from automatic field numbering to manual field specification'
            : 'cannot switch from manual field specification to automatic field numbering',
        );
      }
      const index = key === '' ? this.next++ : Number(key);
      if (index < positional.length) return positional[index];
      return fail('IndexError', `Replacement index ${index} out of range for positional args tuple`);
    }
    if (Object.hasOwn(keywords, key)) return keywords[key];
    return fail('KeyError', repr(key));
  }
}

/** Index of the `}` that closes the field opened at `start`. */
function fieldEnd(text: string, start: number): number {
  if (start + 1 >= text.length) fail('ValueError', "Single '{' encountered in format string");
  let depth = 0;
  let bracket = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    // inside [...] braces are part of the key, but only while the field name lasts
    if (char === '[') bracket = depth === 1;
    else if (char === ']') bracket = false;
    else if (bracket) continue;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return fail('ValueError', "expected '}' before end of string");
}

function splitField(body: string): { name: string; conversion: string | undefined; spec: string } {
  let at = 0;
  let bracket = false;
  for (; at < body.length; at++) {
    const char = body[at];
    if (char === '{') fail('ValueError', "unexpected '{' in field name");
    if (char === '[') bracket = true;
    else if (char === ']') bracket = false;
    else if (!bracket && (char === '!' || char === ':')) break;
  }
  const name = body.slice(0, at);
  if (body[at] !== '!') return { name, conversion: undefined, spec: body.slice(at + 1) };
  if (at + 1 >= body.length) fail('ValueError', 'end of string while looking for conversion specifier');
  const after = body.slice(at + 2);
  if (after !== '' && after[0] !== ':') fail('ValueError', "expected ':' after conversion specifier");
  return { name, conversion: body[at + 1], spec: after.slice(1) };
}
