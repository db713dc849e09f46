import { relative, resolve } from 'node:path';
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { findProjectFolder, loadProject, type ProjectConfig, readProjectFile } from '../../load/index.ts';
import { cleanFolder, isInside } from '../clean-folder.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  if (invocation.flags.other.rejected === true) {
    const { dropRejected } = await import('../drop-rejected.ts');
    return dropRejected(session);
  }
  const file = session.projectFile ?? readProjectFile(findProjectFolder(invocation));
  const project = await loadProject({ invocation, file });
  const folders = [...new Set(project.cleanTargets)].map((target) => resolve(project.root, target));
  refuseOutside(folders, project);
  for (const folder of folders) clean(folder, project, invocation);
  invocation.emit({ name: 'FinishedCleanPaths' });
  return 0;
}

function clean(folder: string, project: ProjectConfig, invocation: Invocation): void {
  invocation.emit({ name: 'CheckCleanPath', path: folder });
  if (holdsSources(folder, project)) {
    invocation.emit({ name: 'ProtectedCleanPath', path: folder });
    return;
  }
  const kept = cleanFolder(folder);
  invocation.emit({ name: 'ConfirmCleanPath', path: folder });
  for (const path of kept) {
    const msg = `Kept ${relative(project.root, path)}: sq clean never deletes a DuckDB file`;
    invocation.emit({ name: 'SqNotice', topic: 'clean', msg });
  }
}

/** Nothing at all is deleted when one of the folders is outside. */
function refuseOutside(folders: readonly string[], project: ProjectConfig): void {
  const outside = folders.filter((folder) => folder !== project.root && !isInside(folder, project.root));
  if (outside.length === 0) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'clean-outside',
    message: `dbt will not clean the following directories outside the project: [${outside.map((path) => `'${path}'`).join(', ')}]`,
    at: project.document.locate(['clean-targets']),
    hint: 'take them out of clean-targets and delete them by hand',
  });
}

/** The project itself, a folder of sources, or one that contains such a folder. */
function holdsSources(folder: string, project: ProjectConfig): boolean {
  const sources = [
    ...project.modelPaths,
    ...project.seedPaths,
    ...project.testPaths,
    ...project.analysisPaths,
    ...project.macroPaths,
    ...project.snapshotPaths,
  ].map((path) => resolve(project.root, path));
  return [project.root, ...sources].some((source) => source === folder || isInside(source, folder));
}
