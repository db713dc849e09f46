/** Telling kinds of YAML values apart, in the words dbt's messages use. */

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Python's name of a value's type: `str`, `NoneType`. */
export function pythonTypeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return 'dict';
  }
}

/** Tells whether the number under `key` of `container` was written as a float; see `YamlDocument.isFloat`. */
export type IsFloat = (container: object, key: string | number) => boolean;

const NO_FLOATS: IsFloat = () => false;

/** A value as Python's `repr` writes it: `{'a': [1, True, None]}`. */
export function pythonRepr(
  value: unknown,
  isFloat: IsFloat = NO_FLOATS,
  container?: object,
  key?: string | number,
): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'string') return reprText(value);
  if (typeof value === 'object') {
    if (Array.isArray(value))
      return `[${value.map((item, i) => pythonRepr(item, isFloat, value, i)).join(', ')}]`;
    const record = value as Record<string, unknown>;
    const entries = Object.keys(record).map(
      (name) => `${reprText(name)}: ${pythonRepr(record[name], isFloat, record, name)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return pythonText(value, isFloat, container, key);
}

/** A value as Python's `str` writes it: text as it is, everything else as `repr`. */
export function pythonText(
  value: unknown,
  isFloat: IsFloat = NO_FLOATS,
  container?: object,
  key?: string | number,
): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numberText(value, container !== undefined && key !== undefined && isFloat(container, key));
    default:
      return pythonRepr(value, isFloat, container, key);
  }
}

function numberText(value: number, float: boolean): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Number.isInteger(value) && !float) return BigInt(value).toString();
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const size = Math.abs(value);
  // Python turns to exponents below 1e-4 and from 1e16 on, and pads them to two digits
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}

function reprText(text: string): string {
  if (/^[ -&(-[\]-~]*$/.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    if (char === quote || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (char === '\t') out += '\\t';
    else out += printable(char);
  }
  return out + quote;
}

function printable(char: string): string {
  const code = char.codePointAt(0) as number;
  if (code >= 32 && code < 127) return char;
  if (code < 256) return code < 161 || code === 173 ? `\\x${code.toString(16).padStart(2, '0')}` : char;
  return /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u.test(char)
    ? code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
    : char;
}
