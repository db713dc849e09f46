/** Everything global that a parse depends on, as one hash: a change of any of it makes the cache useless. */
import { statSync } from 'node:fs';
import { builtinMacroFiles } from '../../builtins/index.ts';
import { SQ_VERSION } from '../../version.ts';
import type { ProjectContext } from '../contract.ts';
import { sha1 } from './cache-file.ts';

export function cacheKey(context: ProjectContext, extraFiles: readonly string[]): string {
  const { project, profile, settings, invocation, packages, adapter } = context;
  const parts: unknown[] = [
    SQ_VERSION,
    context.projectDir,
    project.text,
    packages.map((pkg) => [pkg.root, pkg.config.text]),
    profile.name,
    profile.targetName,
    profile.output,
    settings.shown,
    adapter.type,
    invocation.vars,
    project.vars,
    project.flags,
    invocation.env.SQ_TEST_JSONSCHEMA ?? null,
    extraFiles.map(stamp),
    SQ_VERSION.endsWith('-dev') ? builtinMacroFiles(adapter.macroFolders).map((file) => file.text) : null,
  ];
  return sha1(JSON.stringify(parts));
}

/** Size and times of a file outside the walk (selectors.yml, packages.yml); null when absent. */
function stamp(path: string): unknown {
  try {
    const stat = statSync(path);
    return [path, stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino];
  } catch {
    return [path, null];
  }
}

/** Hash of an environment variable's value, so that no value stands in the cache file. */
export function envHash(value: string | undefined): string | null {
  return value === undefined ? null : sha1(`sq\u0000${value}`);
}
