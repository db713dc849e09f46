import { existsSync, lstatSync, mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asSqError } from '../../errors.ts';
import { replaceFile } from '../replace-file.ts';
import { historyFolder, KEPT, recordNames } from './history-folder.ts';
import { type RecordedRun, recordText } from './record.ts';

/**
 * Adds one invocation to the project's history and lets go of the oldest ones. The file is written beside and
 * renamed, so readers see all of it or nothing. What goes wrong is told and never fails a run: the tables are
 * built, and that is what was asked for.
 */
export function writeHistory(projectDir: string, run: RecordedRun): void {
  const { invocation } = run;
  if (!invocation.flags.writeJson) return;
  const folder = historyFolder(projectDir);
  // an orchestrator's folder of links: nothing is written through one of them
  if (lstatSync(join(projectDir, '.sq'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  try {
    makeFolder(projectDir, folder);
    const stamp = invocation.startedAt.toISOString().replace(/\W/g, '');
    const path = join(folder, `${stamp}-${invocation.id.slice(0, 8)}.json`);
    replaceFile(path, recordText(run));
    for (const name of recordNames(readdirSync(folder)).slice(KEPT)) unlinkSync(join(folder, name));
  } catch (thrown) {
    const { message } = asSqError(thrown, projectDir);
    const msg = `This run is not in the history of the docs page: ${message}`;
    invocation.emit({ name: 'SqNotice', topic: 'history', msg });
  }
}

/** The folder `.sq` keeps itself out of version control: nobody's `.gitignore` has to know of it. */
function makeFolder(projectDir: string, folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(projectDir, '.sq', '.gitignore'), '*\n');
}
