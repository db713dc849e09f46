import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedState } from '../../docs/generated-state.ts';
import { execute } from '../../execute/index.ts';
import type { CompiledFields } from '../../parse/index.ts';
import { connected } from '../connected.ts';
import { type Opened, writeManifest } from '../open-and-parse.ts';
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

/**
 * Compiles all that has SQL and writes manifest.json with it. Not done again where nothing it was made from has
 * changed: the project is the same, and no template looked into the warehouse.
 */
export async function compileForDocs(
  opened: Opened,
  options: DocsOptions,
  before: GeneratedState['compiled'],
): Promise<CompiledForDocs> {
  const { context, parsed } = opened;
  const { selection } = options;
  const current =
    before !== undefined &&
    before.body === parsed.body &&
    before.selection === selection &&
    existsSync(join(context.targetPath, 'compiled')) &&
    parsed.restampManifest(before.manifest);
  if (current) return { compiled: new Map(), id: before.manifest, state: before, interrupted: false };
  const selected = options.selected ?? [...parsed.manifest.index.values()].filter(hasText).map(idOf);
  let looked = false;
  const onOpen = () => {
    looked = true;
  };
  const outcome = await connected(
    opened,
    { readOnly: false, selected, onlyWhenAsked: true, onOpen },
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
  return {
    compiled: outcome.compiled,
    id: manifest ?? context.invocation.id,
    ...(!looked && manifest !== undefined && { state: { body: parsed.body, manifest, selection } }),
    interrupted: outcome.interrupted,
  };
}

const hasText = ({ empty }: { empty?: boolean }) => empty !== true;
const idOf = ({ unique_id }: { unique_id: string }) => unique_id;
