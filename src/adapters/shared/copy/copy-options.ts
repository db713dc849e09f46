/** Options of an external source: the names of Redshift's COPY, without regard to case. */
import { nearest } from '../../../errors.ts';

export interface CopyOptions {
  /** `auto`, `epochsecs`, `epochmillisecs`, or a format in COPY's letters; undefined: ISO. */
  timeformat?: string;
  /** `auto` or a format; undefined: ISO. */
  dateformat?: string;
  blanksasnull: boolean;
  emptyasnull: boolean;
  truncatecolumns: boolean;
  trimblanks: boolean;
  /** Rounds numerics to their scale; COPY cuts by default. */
  roundec: boolean;
  acceptanydate: boolean;
  /** The character that stands in for bytes that are no UTF-8. */
  acceptinvchars?: string;
  /** A text that means NULL. */
  nullAs?: string;
  maxerror: number;
  gzip: boolean;
  /** Lines passed over at the start of each file. */
  ignoreheader: number;
  delimiter: string;
  quote: string;
  /** Missing fields at the end of a line are NULL. */
  fillrecord: boolean;
  region?: string;
  /** sq: `exact` stops at the slash, `raw` is COPY's own rule on object stores. */
  prefix: 'exact' | 'raw';
  /** sq: a location without files loads nothing instead of being an error. */
  allow_empty: boolean;
  /** sq: object stores that are open to all are read without signing. */
  anonymous: boolean;
}

/** What is wrong with an option. */
export interface OptionProblem {
  option: string;
  message: string;
  hint?: string;
}

/** Names of COPY that change nothing where sq reads the files itself. */
const IGNORED = [
  'compupdate',
  'statupdate',
  'iam_role',
  'explicit_ids',
  'ignoreblanklines',
  'csv',
  'removequotes',
];
/** Names of COPY that would change what is loaded, and are not built. */
const REFUSED: Record<string, string> = {
  manifest: 'list the files by a pattern in location',
  encrypted: 'decrypt the files first',
  fixedwidth: 'declare a delimiter',
  bzip2: 'compress with gzip',
  lzop: 'compress with gzip',
  zstd: 'compress with gzip',
  escape: 'quote the fields',
  noload: '`--dry-run` reads without loading',
  access_key_id: 'credentials belong into the environment, where the AWS SDK looks for them',
  secret_access_key: 'credentials belong into the environment, where the AWS SDK looks for them',
  session_token: 'credentials belong into the environment, where the AWS SDK looks for them',
  credentials: 'credentials belong into the environment, where the AWS SDK looks for them',
};
const FLAGS = [
  'blanksasnull',
  'emptyasnull',
  'truncatecolumns',
  'trimblanks',
  'roundec',
  'acceptanydate',
  'gzip',
  'fillrecord',
  'allow_empty',
  'anonymous',
] as const;
/** COPY's upper bound of MAXERROR. */
export const MOST_ERRORS = 100_000;
const OTHERS = [
  'timeformat',
  'dateformat',
  'acceptinvchars',
  'null_as',
  'maxerror',
  'ignoreheader',
  'delimiter',
  'quote',
  'region',
  'prefix',
  'encoding',
];
/** COPY writes some of its names in two words. */
const ALIASES: Record<string, string> = {
  null: 'null_as',
  quote_as: 'quote',
  delimiter_as: 'delimiter',
  ignoreheader_as: 'ignoreheader',
  acceptinvchars_as: 'acceptinvchars',
};

/** Reads `external.options`. Answers the first problem instead, with the option it belongs to. */
export function copyOptions(
  written: Readonly<Record<string, unknown>> | undefined,
): CopyOptions | OptionProblem {
  const options: CopyOptions = {
    blanksasnull: false,
    emptyasnull: false,
    truncatecolumns: false,
    trimblanks: false,
    roundec: false,
    acceptanydate: false,
    maxerror: 0,
    gzip: false,
    ignoreheader: 0,
    delimiter: ',',
    quote: '"',
    fillrecord: false,
    prefix: 'exact',
    allow_empty: false,
    anonymous: false,
  };
  for (const [option, value] of Object.entries(written ?? {})) {
    const plain = option.trim().toLowerCase().replace(/\s+/g, '_');
    const name = ALIASES[plain] ?? plain;
    const message = setOption(options, name, value);
    if (message !== undefined) return { option, ...message };
  }
  return options;
}

type Complaint = { message: string; hint?: string } | undefined;

function setOption(options: CopyOptions, name: string, value: unknown): Complaint {
  if (IGNORED.includes(name)) return undefined;
  const refused = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refused !== undefined) return { message: 'it is not supported', hint: refused };
  const flag = FLAGS.find((known) => known === name);
  if (flag !== undefined) {
    const on = flagValue(value);
    if (on === undefined) return { message: `it is ${shown(value)}, and must be true or false` };
    options[flag] = on;
    return undefined;
  }
  switch (name) {
    case 'timeformat':
    case 'dateformat':
    case 'region':
      return setText(value, (text) => {
        options[name] = text;
      });
    case 'null_as':
      return setText(value, (text) => {
        options.nullAs = text;
      });
    case 'acceptinvchars':
      return setMark(options, value);
    case 'maxerror':
      return setNumber(value, MOST_ERRORS, (number) => {
        options.maxerror = number;
      });
    case 'ignoreheader':
      return setNumber(value === true ? 1 : value, 1_000_000, (number) => {
        options.ignoreheader = number;
      });
    case 'delimiter':
      return setCharacter(value === '\\t' ? '\t' : value, (text) => {
        options.delimiter = text;
      });
    case 'quote':
      return setCharacter(value, (text) => {
        options.quote = text;
      });
    case 'prefix':
      if (value !== 'exact' && value !== 'raw')
        return { message: `it is ${shown(value)}, and must be exact or raw` };
      options.prefix = value;
      return undefined;
    case 'encoding':
      return /^utf-?8$/i.test(String(value))
        ? undefined
        : { message: `it is ${shown(value)}, and only UTF-8 is read`, hint: 'convert the files first' };
    default:
      return unknown(name);
  }
}

function setMark(options: CopyOptions, value: unknown): Complaint {
  const on = flagValue(value);
  if (on === false) return undefined;
  const mark = on === true ? '?' : String(value);
  if (!/^[\x20-\x7e]$/.test(mark))
    return { message: `it is ${shown(value)}, and must be one ASCII character` };
  options.acceptinvchars = mark;
  return undefined;
}

function unknown(name: string): Complaint {
  const known = [...FLAGS, ...OTHERS, ...IGNORED];
  const near = nearest(name, known);
  return {
    message: 'COPY has no such option',
    hint: near === undefined ? `the options are: ${known.sort().join(', ')}` : `did you mean '${near}'?`,
  };
}

/** A name that is only mentioned (`gzip:`) is on, as in COPY. */
function flagValue(value: unknown): boolean | undefined {
  if (value === null || value === undefined || value === true) return true;
  if (value === false) return false;
  const word = String(value).toLowerCase();
  if (['on', 'true', 'yes'].includes(word)) return true;
  return ['off', 'false', 'no'].includes(word) ? false : undefined;
}

function setText(value: unknown, set: (text: string) => void): Complaint {
  if (typeof value !== 'string') return { message: `it is ${shown(value)}, and must be a text` };
  set(value);
  return undefined;
}

function setCharacter(value: unknown, set: (text: string) => void): Complaint {
  if (typeof value !== 'string' || value.length !== 1) {
    return { message: `it is ${shown(value)}, and must be one character` };
  }
  set(value);
  return undefined;
}

function setNumber(value: unknown, most: number, set: (number: number) => void): Complaint {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > most) {
    return { message: `it is ${shown(value)}, and must be a whole number from 0 to ${most}` };
  }
  set(number);
  return undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
