/** The statement of a load as people see it: file names as the author writes them, and not fifteen thousand. */
import { type Relation, renderRelation } from '../../../manifest/relation.ts';
import { type SourceRead, sourceQuery } from './source-query.ts';
import { literal } from './spelling.ts';

/** Longer lists are shown by their first name, their last, and how many stand between. */
const SHOWN_FILES = 5;

export function shownStatement(read: SourceRead, files: readonly string[], into: Relation): string {
  return `create or replace table ${renderRelation(into)} as\n${sourceQuery(read, shownList(files))}`;
}

function shownList(names: readonly string[]): string {
  if (names.length <= SHOWN_FILES) return `[${names.map(literal).join(', ')}]`;
  const first = literal(names[0] as string);
  const last = literal(names.at(-1) as string);
  return `[${first}, /* ${names.length - 2} more files */ ${last}]`;
}
