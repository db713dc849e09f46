/** What sq sees of its surroundings, in dbt's layout, and whether it can connect. */
import { dirname, join } from 'node:path';
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { searchPath } from '../../load/index.ts';
import { isSource, type SourceNode } from '../../manifest/nodes.ts';
import { type ProjectContext, parseProject } from '../../parse/index.ts';
import { DBT_VERSION, SQ_VERSION } from '../../version.ts';
import type { Session } from '../session.ts';
import { lookAround, type Surroundings } from '../surroundings.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  if (other.config_dir === true) return tellSearchPath(invocation);
  tellVersions(invocation);
  const found = await lookAround(session);
  tellFiles(invocation, found);
  if (other.connection === true) say(invocation, 'Skipping steps before connection verification');
  else tellVerdicts(invocation, found);
  const failures = found.failure === undefined ? [] : [found.failure];
  if (found.context) failures.push(...(await tryConnection(found.context)));
  else say(invocation, `Connection test skipped since ${skipReason(found)}`);
  return conclude(invocation, failures);
}

function tellSearchPath(invocation: Invocation): number {
  say(invocation, 'profiles.yml is looked for in this order; the first that has the profile is used:');
  for (const folder of searchPath(invocation, invocation.cwd))
    say(invocation, `  ${join(folder, 'profiles.yml')}`);
  return 0;
}

function tellVersions(invocation: Invocation): void {
  say(invocation, `sq version: ${SQ_VERSION}`);
  say(invocation, `dbt version: ${DBT_VERSION}`);
  say(invocation, `node version: ${process.versions.node}`);
  say(invocation, `node path: ${process.execPath}`);
  say(invocation, `os info: ${process.platform}-${process.arch}`);
}

function tellFiles(invocation: Invocation, found: Surroundings): void {
  say(invocation, `Using profiles dir at ${dirname(found.profilesFile)}`);
  say(invocation, `Using profiles.yml file at ${found.profilesFile}`);
  say(invocation, `Using dbt_project.yml file at ${found.projectFile}`);
  if (found.context === undefined) return;
  say(invocation, `adapter type: ${found.context.adapter.type}`);
  say(invocation, `adapter version: ${found.context.adapter.version}`);
}

function tellVerdicts(invocation: Invocation, found: Surroundings): void {
  say(invocation, 'Configuration:');
  say(invocation, `  profiles.yml file [${found.profilesVerdict}]`);
  say(invocation, `  dbt_project.yml file [${found.projectVerdict}]`);
}

function skipReason(found: Surroundings): string {
  return found.projectVerdict.startsWith('OK') ? 'no profile was found' : 'the project cannot be read';
}

/** Answers what is wrong. */
async function tryConnection(context: ProjectContext): Promise<string[]> {
  const { invocation, settings, projectDir } = context;
  say(invocation, 'Connection:');
  const shown = { database: settings.database, schema: settings.schema, ...settings.shown };
  for (const [key, value] of Object.entries(shown)) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (key !== 'type') say(invocation, `  ${key}: ${text}`);
  }
  let failed: SqError | undefined;
  const options = { invocation, projectDir, threads: 1, readOnly: true };
  try {
    const checks = context.adapter.checks?.(settings, { ...options, loads: await loadedSources(context) });
    for await (const check of checks ?? []) {
      const verdict = check.skipped ? 'SKIPPED' : check.error ? 'ERROR' : `OK ${check.found}`;
      say(invocation, `  ${check.name}: [${verdict}]`);
      failed ??= check.error;
    }
    if (failed !== undefined) throw failed;
    const driver = await context.adapter.open(settings, options);
    try {
      await driver.session({ name: 'debug' }, (connection) => connection.query('select 1 as id'));
    } finally {
      await driver.close();
    }
    say(invocation, '  Connection test: [OK connection ok]');
    return [];
  } catch (error) {
    say(invocation, '  Connection test: [ERROR]');
    const text = error instanceof SqError ? error.body : String(error);
    return [`sq was unable to connect to the database of target '${context.profile.targetName}':\n\n${text}`];
  }
}

/** External sources that models of the project load; none where the project cannot be parsed. */
async function loadedSources(context: ProjectContext): Promise<SourceNode[]> {
  try {
    const { manifest } = await parseProject(context);
    const loads = [...manifest.index.values()].filter((one) => one.materialized === 'copy');
    const ids = new Set(loads.flatMap(({ parents }) => parents));
    return [...ids].flatMap((id) => {
      const parent = manifest.get(id);
      return parent !== undefined && isSource(parent) ? [parent] : [];
    });
  } catch (error) {
    if (error instanceof SqError) return [];
    throw error;
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

function say(invocation: Invocation, msg: string): void {
  invocation.emit({ name: 'DebugCmdOut', msg });
}
