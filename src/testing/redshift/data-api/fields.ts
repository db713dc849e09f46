/** Rows as the Data API gives them: a union per value, or CSV. */
import type { FieldDef } from 'pg';

/** pg's text of a value; NULL is null. */
export type TextRow = readonly (string | null)[];

const NAMES: Readonly<Record<number, string>> = {
  16: 'bool',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  19: 'name',
  700: 'float4',
  701: 'float8',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1266: 'timetz',
  1700: 'numeric',
  4000: 'super',
  6551: 'varbyte',
};

export function columnMetadata({ name, dataTypeID, dataTypeModifier }: FieldDef): Record<string, unknown> {
  const sized = dataTypeID === 1042 || dataTypeID === 1043;
  const numeric = dataTypeID === 1700 && dataTypeModifier >= 4;
  return {
    columnDefault: null,
    isCaseSensitive: sized,
    isCurrency: false,
    isSigned: [20, 21, 23, 700, 701, 1700].includes(dataTypeID),
    label: name,
    length: sized && dataTypeModifier >= 4 ? dataTypeModifier - 4 : 0,
    name,
    nullable: 1,
    precision: numeric ? ((dataTypeModifier - 4) >> 16) & 65_535 : 0,
    scale: numeric ? (dataTypeModifier - 4) & 65_535 : 0,
    schemaName: '',
    tableName: '',
    typeName: NAMES[dataTypeID] ?? 'varchar',
  };
}

/** Whole numbers are written with all their digits; what a client makes of them is its own affair. */
export function field(value: string | null, typeOid: number): string {
  if (value === null) return '{"isNull":true}';
  if (typeOid === 16) return `{"booleanValue":${value === 't'}}`;
  if ([20, 21, 23, 26].includes(typeOid)) return `{"longValue":${value}}`;
  if (typeOid === 700 || typeOid === 701)
    return Number.isFinite(Number(value)) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`;
  return `{"stringValue":${JSON.stringify(value)}}`;
}

export function csvRecords(names: readonly string[] | undefined, rows: readonly TextRow[]): string {
  const written = rows.map((row) =>
    row.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)),
  );
  return [...(names === undefined ? [] : [names.map((name) => `"${name}"`)]), ...written]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}
