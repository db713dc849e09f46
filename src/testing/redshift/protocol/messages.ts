/** PostgreSQL's protocol 3.0, as much of it as a server needs: messages taken apart and put together. */

/** What a server says about an error or a notice. */
export interface ErrorFields {
  severity?: 'ERROR' | 'FATAL';
  /** SQLSTATE; Redshift's own errors are mostly XX000. */
  code: string;
  message: string;
  detail?: string;
}

/** An error as Redshift would send it. */
export class RedshiftError extends Error {
  constructor(readonly fields: ErrorFields) {
    super(fields.message);
  }
}

export function failure(code: string, message: string, detail?: string): RedshiftError {
  return new RedshiftError({ code, message, ...(detail === undefined ? {} : { detail }) });
}

/** One message: its type (one letter), its body, and all of its bytes. */
export interface Message {
  type: string;
  body: Buffer;
  raw: Buffer;
}

/** Type, length, body. */
export function message(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, at) => {
    bytes.writeInt32BE(value, 4 * at);
  });
  return bytes;
}

export function errorMessage({ severity = 'ERROR', code, message: text, detail }: ErrorFields): Buffer {
  const more = detail === undefined ? '' : `D${detail}\0`;
  return message('E', `S${severity}\0C${code}\0M${text}\0${more}\0`);
}

export function noticeMessage(text: string, severity = 'INFO'): Buffer {
  return message('N', `S${severity}\0C00000\0M${text}\0\0`);
}

export function errorFields(body: Buffer): ErrorFields {
  const found: Record<string, string> = {};
  for (const part of body.toString('utf8').split('\0'))
    if (part !== '') found[part[0] as string] = part.slice(1);
  return {
    severity: found['S'] === 'FATAL' ? 'FATAL' : 'ERROR',
    code: found['C'] ?? 'XX000',
    message: found['M'] ?? '',
    ...(found['D'] === undefined ? {} : { detail: found['D'] }),
  };
}

/** A column of a result. */
export interface Field {
  name: string;
  tableOid: number;
  column: number;
  typeOid: number;
  size: number;
  modifier: number;
  format: number;
}

export function readFields(body: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    fields.push({
      name: body.toString('utf8', at, end),
      tableOid: body.readInt32BE(end + 1),
      column: body.readInt16BE(end + 5),
      typeOid: body.readInt32BE(end + 7),
      size: body.readInt16BE(end + 11),
      modifier: body.readInt32BE(end + 13),
      format: body.readInt16BE(end + 17),
    });
    at = end + 19;
  }
  return fields;
}

export function fieldsMessage(fields: readonly Field[]): Buffer {
  const parts = fields.map((field) => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(field.tableOid, 0);
    rest.writeInt16BE(field.column, 4);
    rest.writeInt32BE(field.typeOid, 6);
    rest.writeInt16BE(field.size, 10);
    rest.writeInt32BE(field.modifier, 12);
    rest.writeInt16BE(field.format, 16);
    return Buffer.concat([Buffer.from(`${field.name}\0`), rest]);
  });
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return message('T', count, ...parts);
}

export type Row = (string | null)[];

export function readRow(body: Buffer): Row {
  const row: Row = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) row.push(null);
    else {
      row.push(body.toString('utf8', at, at + length));
      at += length;
    }
  }
  return row;
}

export function rowMessage(row: Row): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(row.length);
  const parts = row.flatMap((value) => {
    if (value === null) return [int32(-1)];
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return message('D', count, ...parts);
}

/** Bytes in any pieces → whole messages. */
export class MessageReader {
  private pieces: Buffer = Buffer.alloc(0);

  *push(bytes: Buffer): Generator<Message> {
    this.pieces = this.pieces.length === 0 ? bytes : Buffer.concat([this.pieces, bytes]);
    while (this.pieces.length >= 5) {
      const length = this.pieces.readInt32BE(1) + 1;
      if (this.pieces.length < length) return;
      const raw = this.pieces.subarray(0, length);
      this.pieces = this.pieces.subarray(length);
      yield { type: String.fromCharCode(raw[0] as number), body: raw.subarray(5), raw };
    }
  }
}
