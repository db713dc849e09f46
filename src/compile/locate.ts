/**
 * From a place in compiled SQL back to the author's file. The author's text between Jinja tags appears in the
 * compiled text unchanged and, outside loops, in order: those pieces are the anchors. A place between two
 * anchors was written by the tag between them.
 */

interface Piece {
  text: string;
  /** Offset in the author's text. */
  at: number;
}

export interface Place {
  /** From 1. */
  line: number;
  column: number;
}

/** Line and column (from 1) in `raw` for an offset in `compiled`. */
export function locateInRaw(raw: string, compiled: string, offset: number): Place {
  const pieces = staticPieces(raw);
  let from = 0;
  let lastAt = 0;
  for (const piece of pieces) {
    if (!isAnchor(piece.text)) continue;
    const found = compiled.indexOf(piece.text, from);
    if (found === -1) continue;
    if (offset < found)
      return lineColumn(raw, inGap(pieces, lastAt, compiled, offset) ?? tagAfter(raw, lastAt));
    if (offset < found + piece.text.length) return lineColumn(raw, piece.at + (offset - found));
    from = found + piece.text.length;
    lastAt = piece.at + piece.text.length;
  }
  return lineColumn(raw, inGap(pieces, lastAt, compiled, offset) ?? tagAfter(raw, lastAt));
}

/** Loops repeat pieces: any piece whose text stands around the offset will do, the nearest one first. */
function inGap(pieces: readonly Piece[], near: number, compiled: string, offset: number): number | undefined {
  const byDistance = [...pieces]
    .filter((piece) => piece.text.trim() !== '')
    .sort((a, b) => b.text.length - a.text.length || Math.abs(a.at - near) - Math.abs(b.at - near));
  for (const piece of byDistance) {
    const start = compiled.lastIndexOf(piece.text, offset);
    if (start !== -1 && offset < start + piece.text.length) return piece.at + (offset - start);
  }
  return undefined;
}

/** The next tag at or after an offset: what wrote the text between two anchors. */
function tagAfter(raw: string, offset: number): number {
  const tag = raw.slice(offset).search(/\{[{%]/);
  return tag === -1 ? Math.min(offset, raw.length) : offset + tag;
}

function isAnchor(text: string): boolean {
  return (text.match(/\w/g)?.length ?? 0) >= 3;
}

/** The text between tags; whitespace control trims what it touches. */
export function staticPieces(raw: string): Piece[] {
  const pieces: Piece[] = [];
  const tag = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;
  let at = 0;
  let trimStart = false;
  const push = (end: number, trimEnd: boolean) => {
    let text = raw.slice(at, end);
    let start = at;
    if (trimStart) {
      const cut = text.length - text.trimStart().length;
      text = text.slice(cut);
      start += cut;
    }
    if (trimEnd) text = text.trimEnd();
    if (text !== '') pieces.push({ text, at: start });
  };
  for (const match of raw.matchAll(tag)) {
    push(match.index, match[0][2] === '-');
    at = match.index + match[0].length;
    trimStart = match[0][match[0].length - 3] === '-';
  }
  push(raw.length, true);
  return pieces;
}

export function lineColumn(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
