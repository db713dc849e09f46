/**
 * The wire format of Protocol Buffers, as far as Spark Connect's messages need it: numbers, texts and messages inside
 * messages. (A generated client would bring ten times the code for six messages.)
 */

/** A field of a message to be sent. */
export type Field = [number: number, value: string | number | Uint8Array];

/** Fields of number 0 or empty text are sent as well: in a oneof they say which one it is. */
export function encode(fields: readonly Field[]): Buffer {
  const parts: Buffer[] = [];
  for (const [number, value] of fields) {
    if (typeof value === 'number') parts.push(varint(number << 3), varint(value));
    else {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      parts.push(varint((number << 3) | 2), varint(bytes.length), Buffer.from(bytes));
    }
  }
  return Buffer.concat(parts);
}

/** Fields of a message that came, by number; the last one of each number first in line for `one`. */
export class Message {
  private readonly found = new Map<number, (Buffer | number)[]>();

  constructor(bytes: Uint8Array) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    const next = (): number => {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = buffer[at] as number;
        at += 1;
        value += (byte & 0x7f) * scale;
        if (byte < 0x80) return value;
        scale *= 128;
      }
    };
    while (at < buffer.length) {
      const tag = next();
      const wire = tag & 7;
      let value: Buffer | number;
      if (wire === 0) value = next();
      else {
        const length = wire === 2 ? next() : wire === 1 ? 8 : 4;
        value = buffer.subarray(at, at + length);
        at += length;
      }
      const number = tag >>> 3;
      const list = this.found.get(number) ?? [];
      list.push(value);
      this.found.set(number, list);
    }
  }

  bytes(number: number): Buffer | undefined {
    const value = this.found.get(number)?.at(-1);
    return typeof value === 'number' ? undefined : value;
  }

  text(number: number): string {
    return this.bytes(number)?.toString('utf8') ?? '';
  }

  /** 0, the protocol's default, where the field did not come. */
  number(number: number): number {
    const value = this.found.get(number)?.at(-1);
    return typeof value === 'number' ? value : 0;
  }

  message(number: number): Message | undefined {
    const bytes = this.bytes(number);
    return bytes === undefined ? undefined : new Message(bytes);
  }

  messages(number: number): Message[] {
    return (this.found.get(number) ?? []).flatMap((value) =>
      typeof value === 'number' ? [] : [new Message(value)],
    );
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
