/**
 * The parse room: a found project -> its manifest. Reuses the parse of the last command as far as it is
 * certain to be the same: all of it, all but a few SQL files, or nothing. Whatever the cache, the manifest is
 * the one that a cold parse gives.
 */
import { join } from 'node:path';
import { cycleError } from '../manifest/cycle.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type Changes, compareFiles, stateOf } from './changes.ts';
import type { CompiledFields, ParsedProject, ProjectContext } from './contract.ts';
import { fileId, listFiles, packageSources } from './files.ts';
import { manifestMetadata } from './metadata.ts';
import { deprecatedModels, warnOfDeprecations } from './model-deprecations.ts';
import { internalPackagesOf } from './packages.ts';
import { freshManifest, saveCache } from './save.ts';
import { SearchOrder } from './search-order.ts';
import { SELECTORS_FILE } from './selectors-file.ts';
import type { PackageSource, SourceFile } from './session.ts';
import { restampManifest, writeManifestFile } from './store/artifact.ts';
import type { Slice } from './store/body.ts';
import { type CacheIndex, type LoadedCache, readCache, rewriteIndex, sha1 } from './store/cache-file.ts';
import { cacheKey, envHash } from './store/key.ts';
import { splice } from './store/splice.ts';
import { storedManifest } from './store/stored-manifest.ts';

export type * from './contract.ts';
export { openProject } from './open-project.ts';
export { unusedConfigPaths } from './unused-config-paths.ts';

export async function parseProject(context: ProjectContext): Promise<ParsedProject> {
  const walkedAt = Date.now();
  const packages = packageSources(context);
  const files = listFiles(packages);
  const key = cacheKey(context, [join(context.projectDir, SELECTORS_FILE)]);
  const reason = context.invocation.flags.partialParse ? undefined : 'partial parsing is turned off';
  const saved = reason === undefined ? usableCache(context, key) : { reason };
  if ('reason' in saved) {
    context.invocation.emit(
      reason === undefined
        ? { name: 'UnableToPartialParse', reason: saved.reason }
        : { name: 'PartialParsingNotEnabled' },
    );
    return parseAll(context, packages, files, key, walkedAt, saved.reason);
  }
  const changes = compareFiles(files, saved.index.files, walkedAt);
  const count = changes.changed.length + changes.added.length + changes.removed.length;
  if (count === 0) return reuseAll(context, saved, changes);
  const { updateSome } = await import('./incremental.ts');
  const updated = updateSome({ context, packages, files, saved, changes });
  if (updated) {
    warnOfDeprecations(updated.index.deprecated, updated.manifest, context.invocation);
    const body = { name: updated.index.body.file, bytes: updated.bytes, sliceOf: slicesOf(updated.index) };
    return project(context, updated.manifest, body, {
      reuse: 'some',
      files: files.length,
      parsedFiles: count,
    });
  }
  return parseAll(context, packages, files, key, walkedAt, `${count} files changed`);
}

/** The cache, when everything global that it depends on is as it was. */
function usableCache(context: ProjectContext, key: string): LoadedCache | { reason: string } {
  const cache = readCache(context.targetPath);
  if ('reason' in cache) return cache;
  if (cache.index.key !== key)
    return { reason: 'config vars, config profile, or config target have changed' };
  for (const [name, hash] of Object.entries(cache.index.env)) {
    if (envHash(context.invocation.env[name]) !== hash)
      return { reason: `env vars used in the project have changed` };
  }
  return cache;
}

function reuseAll(context: ProjectContext, saved: LoadedCache, changes: Changes): ParsedProject {
  context.invocation.emit({ name: 'PartialParsingSkipParsing' });
  if (changes.restamped) rewriteIndex(context.targetPath, { ...saved.index, files: changes.states });
  const manifest = storedManifest(saved, manifestMetadata(context), new SearchOrder(context.project));
  warnOfDeprecations(saved.index.deprecated, manifest, context.invocation);
  const body = {
    name: saved.index.body.file,
    bytes: () => saved.body.bytes(),
    sliceOf: slicesOf(saved.index),
  };
  return project(context, manifest, body, { reuse: 'all', files: changes.states.length, parsedFiles: 0 });
}

async function parseAll(
  context: ProjectContext,
  packages: readonly PackageSource[],
  files: readonly SourceFile[],
  key: string,
  walkedAt: number,
  reason: string,
): Promise<ParsedProject> {
  // the template engine is loaded when there is something to parse
  const { coldParse } = await import('./cold.ts');
  const { session, contents, texts, declared } = coldParse(context, packages, files);
  const span = (uniqueId: string) => session.macros.span(uniqueId);
  const macroPackages = [...packages.map((pkg) => pkg.config.name), ...internalPackagesOf(context.adapter)];
  const fresh = freshManifest(context, contents, span, macroPackages);
  const cycle = cycleError(fresh.manifest);
  if (cycle) throw cycle;
  warnOfDeprecations(deprecatedModels(contents.nodes.values()), fresh.manifest, context.invocation);
  const states = files.map((source) => {
    const id = fileId(source);
    const state = stateOf(source, texts.has(id) ? sha1(texts.get(id)!) : '', walkedAt);
    const declares = source.kind === 'properties' ? declared.get(id) : undefined;
    return declares === undefined ? state : { ...state, declares };
  });
  const written = context.invocation.flags.writeJson
    ? saveCache(context, fresh, contents, states, key, session.envVars, span)
    : undefined;
  const body = {
    name: written?.body.file ?? `unsaved-${context.invocation.id}`,
    bytes: () => fresh.body().bytes,
    sliceOf: (uniqueId: string) => fresh.body().nodes.get(uniqueId),
  };
  return project(context, fresh.manifest, body, {
    reuse: 'none',
    reason,
    files: files.length,
    parsedFiles: files.length,
  });
}

/** The body of manifest.json: its name (which tells bodies apart), its bytes, and where vertices stand in it. */
interface ManifestBody {
  name: string;
  bytes: () => Buffer;
  sliceOf: (uniqueId: string) => Slice | undefined;
}

function project(
  context: ProjectContext,
  manifest: Manifest,
  body: ManifestBody,
  cache: ParsedProject['cache'],
): ParsedProject {
  return {
    manifest,
    cache,
    body: body.name,
    restampManifest: (name) => restampManifest(context.targetPath, manifest.metadata, name),
    writeManifest: (compiled?: ReadonlyMap<string, CompiledFields>) => {
      const pristine = compiled === undefined || compiled.size === 0;
      const name = pristine ? body.name : `${body.name}+${context.invocation.id}`;
      writeManifestFile(context.targetPath, manifest.metadata, name, () =>
        pristine ? [body.bytes()] : splice(body.bytes(), body.sliceOf, compiled),
      );
      return name;
    },
  };
}

function slicesOf(index: CacheIndex): (uniqueId: string) => Slice | undefined {
  let slices: Map<string, Slice> | undefined;
  return (uniqueId) => {
    slices ??= new Map(
      index.summaries.map((summary, i) => {
        const [start, length] = index.slices[i]!;
        return [summary.unique_id, { start, length }];
      }),
    );
    return slices.get(uniqueId);
  };
}
