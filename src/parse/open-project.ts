/** A folder -> a project that is ready to be parsed: its file, its connection (validated, not opened), its packages. */
import { resolve } from 'node:path';
import { adapterOf } from '../adapters/registry.ts';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import {
  findProjectFolder,
  keyCheckFor,
  loadPackages,
  loadProfile,
  loadProject,
  type ProjectFileContents,
  projectDeprecations,
  readProjectFile,
  shownTarget,
} from '../load/index.ts';
import type { ProjectContext } from './contract.ts';

/**
 * Throws what the load room and the adapter throw: no project, bad YAML, no such profile or target, settings
 * the adapter refuses. `file` saves reading dbt_project.yml again; `packages: false` looks at none.
 */
export async function openProject(
  invocation: Invocation,
  file?: ProjectFileContents,
  options: { packages?: false } = {},
): Promise<ProjectContext> {
  const found = file ?? readProjectFile(findProjectFolder(invocation));
  const profile = await loadProfile({ invocation, file: found });
  const target = shownTarget(profile);
  const project = await loadProject({ invocation, file: found, target });
  const packages = options.packages === false ? [] : await loadPackages({ invocation, project, target });
  const adapter = await adapterOf(String(profile.output.type), profile.locate?.(['type']));
  const settings = adapter.settings(profile.output, {
    projectDir: project.root,
    projectName: project.name,
    profileName: profile.name,
    targetName: profile.targetName,
    invocation,
    locate: profile.locate,
  });
  for (const event of projectDeprecations(project, keyCheckFor(adapter.type, invocation.env)))
    invocation.emit(event);
  for (const secret of settings.secrets) invocation.secrets.add(secret);
  const threads = invocation.flags.threads ?? settings.threads;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new SqError({
      kind: 'Usage',
      code: 'threads',
      message: `threads must be 1 or more, got ${String(threads)}`,
    });
  }
  return {
    project,
    profile,
    adapter,
    settings: { ...settings, threads },
    invocation,
    targetPath: resolve(project.root, project.targetPath),
    projectDir: project.root,
    packages,
    packageVars: new Map(packages.map(({ config }) => [config.name, config.vars])),
  };
}
