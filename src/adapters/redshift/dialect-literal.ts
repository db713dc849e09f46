/** A text as an SQL literal. */

/**
 * Redshift reads a backslash in `'…'` as the beginning of an escape. A text that has one is written between
 * dollar signs, where nothing is an escape; the tag does not occur in the text.
 */
export function literal(text: string): string {
  if (!text.includes('\\')) return `'${text.replaceAll("'", "''")}'`;
  let tag = '$sq$';
  for (let i = 1; text.includes(tag) || `${text}$`.includes(tag); i++) tag = `$sq${i}$`;
  return `${tag}${text}${tag}`;
}
