/** What `sq debug` finds out before it connects: which files there are, and whether they can be used. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { findProjectFolder, loadProfile, PROJECT_FILE, parseYaml, searchPath } from '../load/index.ts';
import { openProject, type ProjectContext } from '../parse/index.ts';
import type { Session } from './session.ts';

export interface Surroundings {
  /** Absolute paths; of files that are missing, where they were looked for last. */
  projectFile: string;
  profilesFile: string;
  /** `OK found and valid`, `ERROR not found`, ... */
  projectVerdict: string;
  profilesVerdict: string;
  /** Only when nothing is wrong. */
  context: ProjectContext | undefined;
  /** What is wrong, in dbt's words. */
  failure: string | undefined;
}

const GOOD = 'OK found and valid';

export async function lookAround(session: Session): Promise<Surroundings> {
  const { invocation } = session;
  const root = projectFolder(invocation);
  const profilesFile = profilesPath(invocation, root ?? invocation.cwd);
  const files = { projectFile: join(root ?? invocation.cwd, PROJECT_FILE), profilesFile };
  try {
    const context = await openProject(invocation, session.projectFile, { packages: false });
    const embedded = context.profile.path === undefined;
    // any other command refuses a folder that is not there
    if (embedded && !existsSync(dirname(profilesFile)) && invocation.flags.profilesDir !== undefined) {
      const failure = missingProfiles(invocation);
      return {
        ...files,
        projectVerdict: GOOD,
        profilesVerdict: 'ERROR not found',
        context: undefined,
        failure,
      };
    }
    const profilesVerdict = embedded ? 'OK not needed: embedded DuckDB' : GOOD;
    return { ...files, projectVerdict: GOOD, profilesVerdict, context, failure: undefined };
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    const noProfile = await profileFails(session);
    const part = noProfile ? 'Profile' : 'Project';
    const reason = `${part} loading failed for the following reason:\n${error.text}\n`;
    const wrong = (path: string) => (existsSync(path) ? 'ERROR invalid' : 'ERROR not found');
    const noFile = existsSync(profilesFile) ? GOOD : 'ERROR not found';
    return {
      ...files,
      projectVerdict: noProfile && session.projectFile !== undefined ? GOOD : wrong(files.projectFile),
      profilesVerdict: noProfile ? wrong(profilesFile) : noFile,
      context: undefined,
      failure: missingProfiles(invocation) ?? reason,
    };
  }
}

/** Tried alone and without a word: whether it is the profile that cannot be used. */
async function profileFails({ invocation, projectFile }: Session): Promise<boolean> {
  const nothing = { root: invocation.cwd, values: {}, document: parseYaml('', PROJECT_FILE) };
  try {
    await loadProfile({ invocation: { ...invocation, emit: () => {} }, file: projectFile ?? nothing });
    return false;
  } catch {
    return true;
  }
}

/** dbt's text for `--profiles-dir` without a profiles.yml in it. */
function missingProfiles({ cwd, flags }: Invocation): string | undefined {
  if (flags.profilesDir === undefined) return undefined;
  const path = join(flags.profilesDir, 'profiles.yml');
  if (existsSync(resolve(cwd, path))) return undefined;
  return `dbt looked for a profiles.yml file in ${path}, but did not find one.\nhint: leave --profiles-dir away, or write the file: a new project (sq init) has a profiles.example.yml`;
}

function projectFolder(invocation: Invocation): string | undefined {
  try {
    return findProjectFolder(invocation);
  } catch {
    return undefined;
  }
}

/** The first profiles.yml there is; where there is none, the last place that was looked at. */
function profilesPath(invocation: Invocation, root: string): string {
  const paths = searchPath(invocation, root).map((folder) => join(folder, 'profiles.yml'));
  return paths.find((path) => existsSync(path)) ?? paths.at(-1)!;
}
