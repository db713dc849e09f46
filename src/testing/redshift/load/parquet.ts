/** Parquet in and out, by DuckDB: COPY … FORMAT PARQUET and UNLOAD. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Field, Row } from '../protocol/messages.ts';

/** Column names, and rows as text. */
export async function readParquet(body: Buffer): Promise<{ names: string[]; rows: Row[] }> {
  return inFolder(async (folder, run) => {
    const path = join(folder, 'in.parquet');
    writeFileSync(path, body);
    const names = (await run(`describe select * from read_parquet('${path}')`)).map(
      ([name]) => name as string,
    );
    const texts = names.map((name) => `"${name.replaceAll('"', '""')}"::varchar`);
    return { names, rows: await run(`select ${texts.join(', ')} from read_parquet('${path}')`) };
  });
}

const TYPES: Readonly<Record<number, string>> = {
  16: 'boolean',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  700: 'float',
  701: 'double',
  1082: 'date',
  1114: 'timestamp',
  1184: 'timestamptz',
};

export function writeParquet(fields: readonly Field[], rows: readonly Row[]): Promise<Buffer> {
  return inFolder(async (folder, run) => {
    const [from, to] = [join(folder, 'out.json'), join(folder, 'out.parquet')];
    const names = fields.map(({ name }, at) => `c${at}_${name.replace(/\W/g, '_')}`);
    writeFileSync(
      from,
      rows
        .map((row) => JSON.stringify(Object.fromEntries(row.map((value, at) => [names[at], value]))))
        .join('\n'),
    );
    const read = names.map((name) => `${name}: 'varchar'`).join(', ');
    const columns = fields.map(
      (field, at) => `${names[at]}::${typeOf(field)} as "${field.name.replaceAll('"', '""')}"`,
    );
    await run(
      `copy (select ${columns.join(', ')} from read_json('${from}', format = 'newline_delimited', columns = {${read}})) to '${to}' (format parquet)`,
    );
    return readFileSync(to);
  });
}

function typeOf({ typeOid, modifier }: Field): string {
  if (typeOid !== 1700) return TYPES[typeOid] ?? 'varchar';
  return modifier < 4
    ? 'decimal(38,10)'
    : `decimal(${((modifier - 4) >> 16) & 65_535},${(modifier - 4) & 65_535})`;
}

async function inFolder<T>(
  work: (folder: string, run: (sql: string) => Promise<Row[]>) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = mkdtempSync(join(tmpdir(), 'sq-parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return await work(folder, async (sql) => {
      const rows = await (await connection.runAndReadAll(sql)).getRowsJson();
      return rows.map((row) => row.map((value) => (value === null ? null : String(value))));
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
}
