/** COPY as it is sent (Redshift Database Developer Guide, COPY; redshift.md §3.1). */
import { type Relation, renderRelation } from '../../../manifest/relation.ts';
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { Format } from '../../shared/copy/external-source.ts';

export interface CopyOrder {
  into: Relation;
  /** In the order of the fields. */
  columns: readonly string[];
  /** Address of the manifest, or of what is loaded. */
  from: string;
  manifest: boolean;
  format: Format;
  /** Only JSON: `auto`, `auto ignorecase`, or the address of a JSONPaths file. */
  json: string;
  /** `default` or ARNs. */
  role: string;
  options: CopyOptions;
  gzip: boolean;
  maxErrors: number;
}

/** COPY's grammar takes no dollar quotes; a backslash in plain quotes begins an escape. */
export function copyText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** COPY fills tables of the connected database only: the name has no database in front. */
export function copyStatement(order: CopyOrder): string {
  const { into, columns, from, format } = order;
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  return [
    `copy ${renderRelation({ ...into, database: null })} (${names})`,
    `from ${copyText(from)}`,
    roleClause(order.role),
    ...(order.options.region === undefined ? [] : [`region ${copyText(order.options.region)}`]),
    format === 'json' ? `format as json ${copyText(order.json)}` : `format as ${format}`,
    ...(order.manifest ? ['manifest'] : []),
    // columnar files take neither of the options for text, nor COMPUPDATE
    ...(format === 'parquet' ? parquetOptions(order) : [...textOptions(order), 'compupdate off']),
    'statupdate off',
  ].join('\n');
}

export function roleClause(role: string): string {
  return role === 'default' ? 'iam_role default' : `iam_role ${copyText(role)}`;
}

function parquetOptions({ options }: CopyOrder): string[] {
  return [...(options.fillrecord ? ['fillrecord'] : []), ...invalidCharacters(options)];
}

function textOptions({ options, format, gzip, maxErrors }: CopyOrder): string[] {
  const flags = [
    'blanksasnull',
    'emptyasnull',
    'truncatecolumns',
    'trimblanks',
    'roundec',
    'acceptanydate',
  ] as const;
  return [
    ...(format === 'csv' ? csvOptions(options) : []),
    ...(gzip ? ['gzip'] : []),
    ...(options.timeformat === undefined ? [] : [`timeformat ${copyText(options.timeformat)}`]),
    ...(options.dateformat === undefined ? [] : [`dateformat ${copyText(options.dateformat)}`]),
    ...flags.filter((flag) => options[flag]),
    ...invalidCharacters(options),
    ...(maxErrors > 0 ? [`maxerror ${maxErrors}`] : []),
  ];
}

function csvOptions(options: CopyOptions): string[] {
  const { delimiter, quote, ignoreheader, nullAs, fillrecord } = options;
  return [
    ...(delimiter === ',' ? [] : [`delimiter ${copyText(delimiter === '\t' ? '\\t' : delimiter)}`]),
    ...(quote === '"' ? [] : [`quote as ${copyText(quote)}`]),
    ...(ignoreheader === 0 ? [] : [`ignoreheader ${ignoreheader}`]),
    ...(nullAs === undefined ? [] : [`null as ${copyText(nullAs)}`]),
    ...(fillrecord ? ['fillrecord'] : []),
  ];
}

function invalidCharacters({ acceptinvchars }: CopyOptions): string[] {
  return acceptinvchars === undefined ? [] : [`acceptinvchars as ${copyText(acceptinvchars)}`];
}
