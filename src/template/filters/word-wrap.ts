/** `textwrap.wrap` for one line, as the filter `wordwrap` uses it: no tab expansion, whitespace kept inside lines. */
export interface WrapOptions {
  breakLongWords: boolean;
  breakOnHyphens: boolean;
}

/** Lines of at most `width` characters. */
export function wrapLine(line: string, width: number, options: WrapOptions): string[] {
  const chunks = chunksOf(line, options.breakOnHyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const current: string[] = [];
    let length = 0;
    // whitespace at the start of a line is dropped, but not on the first
    if (chunks.at(-1)!.trim() === '' && lines.length > 0) chunks.pop();
    while (chunks.length > 0 && length + chunks.at(-1)!.length <= width) {
      length += chunks.at(-1)!.length;
      current.push(chunks.pop()!);
    }
    if (chunks.length > 0 && chunks.at(-1)!.length > width) {
      const { head, tail } = breakChunk(chunks.pop()!, width - length, current.length === 0, options);
      if (head !== undefined) current.push(head);
      if (tail !== '') chunks.push(tail);
    }
    // textwrap drops one piece without letters at the end, be it a space or nothing
    if (current.length > 0 && current.at(-1)!.trim() === '') current.pop();
    if (current.length > 0) lines.push(current.join(''));
  }
  return lines;
}

function breakChunk(
  chunk: string,
  room: number,
  alone: boolean,
  options: WrapOptions,
): { head: string | undefined; tail: string } {
  if (!options.breakLongWords) return alone ? { head: chunk, tail: '' } : { head: undefined, tail: chunk };
  let end = room;
  if (options.breakOnHyphens && chunk.length > room) {
    const hyphen = chunk.lastIndexOf('-', room - 1);
    if (hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen))) end = hyphen + 1;
  }
  return { head: chunk.slice(0, end), tail: chunk.slice(end) };
}

/** Words, runs of whitespace, and, with `onHyphens`, the parts of hyphenated words. */
function chunksOf(line: string, onHyphens: boolean): string[] {
  const words = line.match(/\s+|\S+/g) ?? [];
  if (!onHyphens) return words;
  return words.flatMap((word) =>
    word.split(/(?<=[\p{L}_]{2}-)(?=[\p{L}_]{2})|(?<=[\p{L}\p{N}_!"'&.,?])(?=-{2,}\w)|(?<=-{2,})(?=\w)/u),
  );
}
