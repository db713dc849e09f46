/** How DuckDB spells names, texts and file names. */

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of file names for a reader function; signs of patterns in a name stand for themselves. */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map((path) => literal(path.replace(/[[*?]/g, '[$&]'))).join(', ')}]`;
}
