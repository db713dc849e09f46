import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../docs/contract.ts';
import type { GeneratedState } from '../../docs/generated-state.ts';
import { COMPILED, type ExecuteOutcome, execute, type NodeResult } from '../../execute/index.ts';
import type { CompiledFields } from '../../parse/index.ts';
import { writeRunResults } from '../../report/index.ts';
import { connected } from '../connected.ts';
import { invocationArgs } from '../invocation-args.ts';
import { type Opened, writeManifest } from '../open-and-parse.ts';
import { shownResult } from '../shown-result.ts';
import type { DocsOptions } from './docs-options.ts';

export interface CompiledForDocs {
  /** Of this invocation; empty where target/compiled has it already. */
  compiled: ReadonlyMap<string, CompiledFields>;
  /** Tells one compilation from another. */
  id: string;
  /** To be remembered; absent where the next call must compile again. */
  state?: GeneratedState['compiled'];
  interrupted: boolean;
}

/** Questions whose answer the catalog holds, too: which relations there are (`is_incremental()` asks it). */
const IN_CATALOG: ReadonlySet<string> = new Set(['list_relations', 'list_schemas']);

/**
 * Compiles all that has SQL and writes manifest.json with it. Not done again where nothing it was made from has
 * changed: the project is the same, and what templates asked the warehouse has the same answer; where they asked
 * for more than which relations there are, nobody knows, and all is compiled.
 */
export async function compileForDocs(
  opened: Opened,
  options: DocsOptions,
  catalog: Catalog,
  before: GeneratedState['compiled'],
): Promise<CompiledForDocs> {
  const { context, parsed } = opened;
  const { selection } = options;
  const relations = options.emptyCatalog ? null : relationsIn(catalog);
  const current =
    before !== undefined &&
    before.body === parsed.body &&
    before.selection === selection &&
    (before.relations === undefined || before.relations === relations) &&
    existsSync(join(context.targetPath, 'compiled')) &&
    parsed.restampManifest(before.manifest);
  const selected = options.selected ?? [...parsed.manifest.index.values()].filter(hasText).map(idOf);
  if (current) {
    writeResults(opened, { results: selected.filter(isCompiledBy(opened)).map(asBefore), elapsed: 0 });
    return { compiled: new Map(), id: before.manifest, state: before, interrupted: false };
  }
  const asked = new Set<string>();
  const outcome = await connected(
    opened,
    { readOnly: false, selected, onlyWhenAsked: true, onQuestion: (owner) => asked.add(owner) },
    (connection) =>
      execute({
        command: 'compile',
        context,
        manifest: parsed.manifest,
        ...connection,
        selected,
        threads: context.settings.threads,
        failFast: true,
        dryRun: false,
      }),
  );
  const manifest = writeManifest(opened, outcome.compiled);
  writeResults(opened, outcome);
  const state = manifest === undefined ? undefined : { body: parsed.body, manifest, selection };
  const again = [...asked].every((name) => IN_CATALOG.has(name)) && (asked.size === 0 || relations !== null);
  return {
    compiled: outcome.compiled,
    id: manifest ?? context.invocation.id,
    ...(state &&
      again && { state: { ...state, ...(asked.size > 0 && relations !== null && { relations }) } }),
    interrupted: outcome.interrupted,
  };
}

/** run_results.json, as dbt writes it of this command, too: it says what was last, and `retry` goes by it. */
function writeResults(
  { context }: Opened,
  { results, elapsed }: Pick<ExecuteOutcome, 'results' | 'elapsed'>,
): void {
  const { invocation, targetPath } = context;
  writeRunResults({ invocation, targetPath, results, elapsed, args: invocationArgs(invocation) });
}

/** Of a node whose SQL stands in target/compiled already. */
const asBefore = (uniqueId: string): NodeResult => ({ ...shownResult(uniqueId, '', 0), compiled_code: null });

const isCompiledBy = ({ parsed }: Opened) => {
  const { index } = parsed.manifest;
  return (uniqueId: string) => COMPILED.has(index.get(uniqueId)?.resource_type ?? '');
};

function relationsIn({ nodes, sources }: Catalog): string {
  const found = [...Object.values(nodes), ...Object.values(sources)].map(({ unique_id, metadata }) => [
    unique_id,
    metadata.type,
  ]);
  return createHash('sha256').update(JSON.stringify(found)).digest('hex');
}

const hasText = ({ empty }: { empty?: boolean }) => empty !== true;
const idOf = ({ unique_id }: { unique_id: string }) => unique_id;
