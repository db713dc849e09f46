/** The body with the compiled fields of some vertices: everything else is the same bytes. */
import type { CompiledFields } from '../contract.ts';
import type { Slice } from './body.ts';

/** Pieces of the new body in order. `sliceOf` tells where a vertex stands in `bytes`. */
export function splice(
  bytes: Buffer,
  sliceOf: (uniqueId: string) => Slice | undefined,
  compiled: ReadonlyMap<string, CompiledFields>,
): Buffer[] {
  const edits = [...compiled]
    .map(([uniqueId, fields]) => ({ slice: sliceOf(uniqueId), fields }))
    .filter((edit): edit is { slice: Slice; fields: CompiledFields } => edit.slice !== undefined)
    .sort((a, b) => a.slice.start - b.slice.start);
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { slice, fields } of edits) {
    const end = slice.start + slice.length;
    const node = JSON.parse(bytes.toString('utf8', slice.start, end)) as Record<string, unknown>;
    Object.assign(node, { compiled: true, ...fields, extra_ctes_injected: true });
    pieces.push(bytes.subarray(at, slice.start), Buffer.from(JSON.stringify(node)));
    at = end;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}

/** The body with whole objects replaced, and the tail of maps replaced when edges changed. Answers new slices. */
export function replaceObjects(
  bytes: Buffer,
  slices: readonly [number, number][],
  replacements: ReadonlyMap<number, string>,
  maps: { slice: [number, number]; text: string | undefined },
): {
  bytes: Buffer;
  shift: (offset: number) => number;
  lengths: Map<number, number>;
  maps: [number, number];
} {
  const order = [...replacements.keys()].sort((a, b) => slices[a]![0] - slices[b]![0]);
  const pieces: Buffer[] = [];
  const lengths = new Map<number, number>();
  const moves: { from: number; by: number }[] = [];
  let at = 0;
  let by = 0;
  for (const i of order) {
    const [start, length] = slices[i]!;
    const text = Buffer.from(replacements.get(i)!);
    pieces.push(bytes.subarray(at, start), text);
    at = start + length;
    by += text.length - length;
    moves.push({ from: at, by });
    lengths.set(i, text.length);
  }
  const [mapsStart, mapsLength] = maps.slice;
  const tail =
    maps.text === undefined ? bytes.subarray(mapsStart, mapsStart + mapsLength) : Buffer.from(maps.text);
  pieces.push(bytes.subarray(at, mapsStart), tail);
  const shift = (offset: number) => {
    let moved = 0;
    for (const move of moves) {
      if (offset < move.from) break;
      moved = move.by;
    }
    return offset + moved;
  };
  return { bytes: Buffer.concat(pieces), shift, lengths, maps: [shift(mapsStart), tail.length] };
}
