/** Why a value does not fit its column, for a person. */
import type { CopyOptions } from './copy-options.ts';
import type { DeclaredType } from './declared-type.ts';

/** `'abc' is not an integer`. */
export function reasonOf(type: DeclaredType, value: string, options: CopyOptions): string {
  return `${shown(value)} ${complaint(type, type.family === 'text' ? value : value.trim(), options)}`;
}

function complaint(type: DeclaredType, value: string, options: CopyOptions): string {
  switch (type.family) {
    case 'text':
      return `is ${Buffer.byteLength(value)} bytes long, and the column holds ${type.maxBytes} (truncatecolumns cuts)`;
    case 'integer':
      if (/^[+-]?\d+$/.test(value)) return 'is beyond the range of the column';
      return /^[+-]?\d*\.\d*$/.test(value)
        ? 'is not an integer: it is written with decimals'
        : 'is not an integer';
    case 'decimal':
      return isNumber(value)
        ? `has more than ${type.precision - type.scale} digits before the point`
        : 'is not a number';
    case 'float':
      return isNumber(value) ? 'is beyond the range of the column' : 'is not a number';
    case 'boolean':
      return 'is not a boolean (t, true, y, yes, 1, f, false, n, no, 0)';
    case 'date':
      return `is not a date${formatNote('dateformat', options.dateformat, 'YYYY-MM-DD')}`;
    case 'timestamp':
      return `is not a timestamp${formatNote('timeformat', options.timeformat, 'YYYY-MM-DD HH:MI:SS')}`;
    case 'time':
      return 'is not a time of day (HH:MI:SS)';
    case 'json':
      return 'is not valid JSON';
    case 'binary':
      return 'is not hexadecimal';
    case 'uuid':
      return 'is not a UUID';
  }
}

function formatNote(option: string, format: string | undefined, standard: string): string {
  return format === undefined
    ? ` in the form ${standard} (${option} names another)`
    : ` by ${option} '${format}'`;
}

function isNumber(value: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
}

function shown(value: string): string {
  const short = value.length > 60 ? `${value.slice(0, 57)}...` : value;
  return `'${short.replace(/[\x00-\x1f]/g, ' ')}'`;
}
