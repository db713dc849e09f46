/**
 * From what is known of a project to the chunks of the page. Pure: the same input gives the same chunks. Fields are
 * embedded by allow-list: what no file of `pack/` names (environment, vars, connection, user, rows of tables) is
 * not in the page. Secrets are masked in every text, whole texts before they are taken apart.
 */
import { scrub } from '../invocation.ts';
import type { Chunks } from './chunks.ts';
import type { DocsInput, PageOptions } from './contract.ts';
import { packCode } from './pack/code.ts';
import { packColumns } from './pack/columns.ts';
import { packCore, SharedDictionaries } from './pack/core.ts';
import { packRuns } from './pack/runs.ts';
import { subjectOf } from './pack/subject.ts';
import { packTests } from './pack/tests.ts';
import { packText } from './pack/text.ts';

/** Every chunk by name; names and values in an order that the input alone decides. */
export function pack(input: DocsInput, options: PageOptions): Chunks {
  const mask = (text: string) => scrub(text, input.secrets);
  const subject = subjectOf(input.manifest);
  const shared = new SharedDictionaries();
  const tests = packTests(input, subject, shared);
  const columns = packColumns(input, subject);
  const chunks: Chunks = {
    core: packCore(input, options, subject, shared, tests.counts),
    cols: columns.chunk,
    text: packText(input, options, subject, columns, tests, mask),
    runs: packRuns(input, subject),
  };
  for (const [i, chunk] of packCode(input, options, subject, columns, tests, mask).entries()) {
    chunks[`code-${i}`] = chunk;
  }
  return input.secrets.size === 0 ? chunks : maskAll(chunks, mask);
}

/** A copy in which every text is masked, keys included. */
function maskAll<T>(value: T, mask: (text: string) => string): T {
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((one) => maskAll(one, mask)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [mask(key), maskAll(one, mask)])) as T;
}
