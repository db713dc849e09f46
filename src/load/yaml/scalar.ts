/**
 * What an unquoted YAML word means: YAML 1.1 as PyYAML's safe loader reads it, because that is what dbt users
 * know (`yes` and `on` are booleans, `010` is eight). Two departures, both where PyYAML surprises: dates and
 * times stay text as written, and so do clock times (`12:30` would be 750). An integer that a number cannot
 * hold exactly stays text too.
 */

/** A float whose value is integral (`1.0`): a number could not tell it from `1`, and dbt's test names do. */
export class IntegralFloat {
  constructor(readonly value: number) {}
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const INTEGER = /^[-+]?(?:0b[0-1_]+|0[0-7_]*|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const SPECIAL = /^([-+]?)\.(?:(inf|Inf|INF)|(nan|NaN|NAN))$/;

/** The value of a plain (unquoted) scalar; integral floats come as `IntegralFloat`. */
export function plainScalar(text: string): string | number | boolean | null | IntegralFloat {
  const first = text.charCodeAt(0);
  // a digit, + - . : may be a number
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return numberOr(text);
  if (text.length > 5) return text;
  const word = WORDS.get(text);
  return word === undefined ? text : word;
}

function numberOr(text: string): string | number | IntegralFloat {
  if (INTEGER.test(text)) return integer(text);
  if (FLOAT.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isInteger(value) ? new IntegralFloat(value) : value;
  }
  const special = SPECIAL.exec(text);
  if (!special || (special[3] !== undefined && special[1] !== '')) return text;
  if (special[3] !== undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function integer(text: string): number | string {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const radix = digits.startsWith('0b') ? 2 : digits.startsWith('0x') ? 16 : /^0./.test(digits) ? 8 : 10;
  const value = Number.parseInt(radix === 2 || radix === 16 ? digits.slice(2) : digits, radix);
  if (!Number.isSafeInteger(value)) return text;
  return text.startsWith('-') && value !== 0 ? -value : value;
}
