/** What sq sees of its surroundings, in dbt's layout, and whether it can connect. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { findProjectFolder, PROJECT_FILE, readProjectFile, searchPath } from '../../load/index.ts';
import { openProject, type ProjectContext } from '../../parse/index.ts';
import { DBT_VERSION, SQ_VERSION } from '../../version.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  const root = projectFolder(invocation);
  const profiles = profilesPath(invocation, root);
  if (other.config_dir === true) {
    say(invocation, `profiles.yml is looked for in this order; the first that has the profile is used:`);
    for (const folder of searchPath(invocation, root ?? invocation.cwd))
      say(invocation, `  ${join(folder, 'profiles.yml')}`);
    return 0;
  }
  tellVersions(invocation);
  say(invocation, `Using profiles dir at ${profiles.folder}`);
  say(invocation, `Using profiles.yml file at ${profiles.path}`);
  say(invocation, `Using ${PROJECT_FILE} file at ${join(root ?? invocation.cwd, PROJECT_FILE)}`);
  const failures: string[] = [];
  const context = await openWith(session, failures);
  if (context) {
    say(invocation, `adapter type: ${context.adapter.type}`);
    say(invocation, `adapter version: ${context.adapter.version}`);
  }
  if (other.connection === true) say(invocation, 'Skipping steps before connection verification');
  else tellFiles(invocation, { root, context, profiles: profiles.path, failures });
  if (context) await tryConnection(context, failures);
  else say(invocation, 'Connection test skipped since no profile was found');
  return conclude(invocation, failures);
}

function tellVersions(invocation: Invocation): void {
  say(invocation, `sq version: ${SQ_VERSION}`);
  say(invocation, `dbt version: ${DBT_VERSION}`);
  say(invocation, `node version: ${process.versions.node}`);
  say(invocation, `node path: ${process.execPath}`);
  say(invocation, `os info: ${process.platform}-${process.arch}`);
}

/** The project with its connection; what is wrong goes to `failures`. */
async function openWith(session: Session, failures: string[]): Promise<ProjectContext | undefined> {
  try {
    return await openProject(session.invocation, session.projectFile);
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    failures.push(error.body);
    return undefined;
  }
}

function tellFiles(
  invocation: Invocation,
  state: {
    root: string | undefined;
    context: ProjectContext | undefined;
    profiles: string;
    failures: readonly string[];
  },
): void {
  const { context, root } = state;
  say(invocation, 'Configuration:');
  say(invocation, `  profiles.yml file [${profilesVerdict(state)}]`);
  const project =
    root === undefined
      ? 'ERROR not found'
      : context || readable(root)
        ? 'OK found and valid'
        : 'ERROR invalid';
  say(invocation, `  ${PROJECT_FILE} file [${project}]`);
}

function profilesVerdict(state: { context: ProjectContext | undefined; profiles: string }): string {
  const { context, profiles } = state;
  if (context?.profile.path !== undefined) return 'OK found and valid';
  if (context) return 'OK not needed: embedded DuckDB';
  return existsSync(profiles) ? 'ERROR invalid' : 'ERROR not found';
}

function readable(root: string): boolean {
  try {
    readProjectFile(root);
    return true;
  } catch {
    return false;
  }
}

async function tryConnection(context: ProjectContext, failures: string[]): Promise<void> {
  const { invocation, settings, projectDir } = context;
  say(invocation, 'Connection:');
  const shown = { database: settings.database, schema: settings.schema, ...settings.shown };
  for (const [key, value] of Object.entries(shown)) {
    if (key !== 'type')
      say(invocation, `  ${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  }
  try {
    const driver = await context.adapter.open(settings, {
      invocation,
      projectDir,
      threads: 1,
      readOnly: true,
    });
    try {
      await driver.session({ name: 'debug' }, (connection) => connection.query('select 1 as id'));
    } finally {
      await driver.close();
    }
    say(invocation, '  Connection test: [OK connection ok]');
  } catch (error) {
    say(invocation, '  Connection test: [ERROR]');
    const text = error instanceof SqError ? error.body : String(error);
    failures.push(
      `sq was unable to connect to the database of target '${context.profile.targetName}':\n\n${text}`,
    );
  }
}

function conclude(invocation: Invocation, failures: readonly string[]): number {
  if (failures.length === 0) {
    invocation.emit({ name: 'DebugCmdResult', msg: 'All checks passed!' });
    return 0;
  }
  const count = `${failures.length} ${failures.length === 1 ? 'check' : 'checks'} failed:`;
  invocation.emit({ name: 'DebugCmdResult', msg: [count, ...failures].join('\n') });
  return 1;
}

function projectFolder(invocation: Invocation): string | undefined {
  try {
    return findProjectFolder(invocation);
  } catch {
    return undefined;
  }
}

/** The first profiles.yml there is; where there is none, the last place that was looked at. */
function profilesPath(invocation: Invocation, root: string | undefined): { folder: string; path: string } {
  const folders = searchPath(invocation, root ?? invocation.cwd);
  const folder = folders.find((one) => existsSync(join(one, 'profiles.yml'))) ?? folders.at(-1)!;
  return { folder, path: join(folder, 'profiles.yml') };
}

function say(invocation: Invocation, msg: string): void {
  invocation.emit({ name: 'DebugCmdOut', msg });
}
