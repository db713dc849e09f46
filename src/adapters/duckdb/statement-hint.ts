/** What to do next, for the engine's errors that a person can do something about outside the SQL. */

export function statementHint(message: string): string | undefined {
  if (
    /No space left on device|File too large|Disk quota exceeded|Could not write.*disk|max_temp_directory_size/i.test(
      message,
    )
  ) {
    return "free some space on the disk of the database file, or point DuckDB's temporary files elsewhere: `settings: {temp_directory: ...}` in the profile";
  }
  if (/^Out of Memory Error/.test(message)) {
    return 'raise `memory_limit` or lower `threads` under `settings:` in the profile; sq gives DuckDB 60 % of the memory by default';
  }
  if (/attached in read-only mode/.test(message)) {
    return 'this command opens the database read-only, or the profile attaches it with `read_only: true`';
  }
  const extension =
    /requires the extension (\w+) to be loaded|extension "?(\w+)"? (?:could not|not found)/i.exec(message);
  if (extension) {
    const name = extension[1] ?? extension[2];
    return `add \`extensions: [${name}]\` to the profile; DuckDB downloads an extension once, which needs the internet`;
  }
  if (/syntax error at or near ";"/.test(message)) {
    return 'leave out the `;` at the end: the query becomes a part of another statement';
  }
  if (/Conflict on|write-write conflict/i.test(message)) {
    return 'two statements changed the same thing at once; nothing was kept of this one, run it again';
  }
  return undefined;
}
