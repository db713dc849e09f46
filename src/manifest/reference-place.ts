/** A place in a node's text. From 1. */
export interface ReferencePlace {
  line: number;
  column: number;
}

/**
 * Where `text` says `ref('name')` or `source('...', 'name')`: positions are kept nowhere, so they are looked for
 * when there is an error to tell. Undefined where the name is put together or stands in a macro.
 *
 * @param span where the text begins in its file, for a part of one
 */
export function referencePlace(
  text: string | undefined,
  fn: 'ref' | 'source',
  name: string,
  span: ReferencePlace = { line: 1, column: 1 },
): ReferencePlace | undefined {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const call = new RegExp(`\\b${fn}\\s*\\(\\s*(?:['"][^'"]*['"]\\s*,\\s*)?['"]${literal}['"]`).exec(
    text ?? '',
  );
  if (call === null) return undefined;
  const before = call.input.slice(0, call.index).split('\n');
  const column = before.at(-1)!.length + 1;
  return {
    line: span.line + before.length - 1,
    column: before.length === 1 ? span.column + column - 1 : column,
  };
}
