/** profiles.yml: which connection a project uses, rendered. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { nearest, SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Profile, YamlDocument } from './contract.ts';
import type { ProjectFileContents } from './project-file.ts';
import { type RenderContext, renderValues } from './render.ts';
import { isMapping, pythonTypeName } from './values.ts';
import { parseYaml } from './yaml/document.ts';

export interface LoadProfileOptions {
  invocation: Invocation;
  file: Pick<ProjectFileContents, 'root' | 'values' | 'document'>;
}

/**
 * The connection of a project: the profile named by `--profile` or the project, in the first profiles.yml that
 * has it (`--profiles-dir` alone when it is given, else the working folder, the project's, `~/.dbt`), and in it
 * the output named by `--target`, the profile's `target`, or `default`.
 *
 * Where no file has the profile and neither `--profile` nor `--target` was given, it is the embedded engine
 * (decision 3), and a notice says so. Values of DBT_ENV_SECRET_* and passwords become secrets of the invocation.
 * Throws dbt's errors, kind Runtime: no such profile, no such target, no outputs, no type; bad YAML.
 */
export async function loadProfile(options: LoadProfileOptions): Promise<Profile> {
  const { invocation, file } = options;
  const { flags } = invocation;
  const envVars = new Set<string>();
  const onEnvVar = (name: string) => envVars.add(name);
  const name = flags.profile ?? (await projectsProfile(options, onEnvVar));
  const folders = searchPath(invocation, file.root);
  const found = name === undefined ? undefined : findProfile(folders, name, invocation);
  if (name === undefined || found?.profile === undefined) {
    if (flags.profile === undefined && flags.target === undefined) return embedded(options, name, envVars);
    throw name === undefined ? noProfile(folders) : missingProfile(name, folders, found?.names ?? []);
  }
  const { document, path, profile } = found;
  const context: RenderContext = {
    invocation,
    vars: invocation.vars,
    secrets: true,
    onEnvVar,
    locate: (keys) => document.locate([name, ...keys]),
  };
  const targetName = await chosenTarget(options, name, profile, context, path);
  const chosenBy = flags.target === undefined && isMapping(profile) && profile.target !== undefined;
  const raw = chosenOutput(name, targetName, profile, {
    document,
    chosenAt: chosenBy ? 'target' : 'outputs',
  });
  const output = await renderOutput(raw, {
    ...context,
    locate: (keys) => document.locate([name, 'outputs', targetName, ...keys]),
  });
  if (output.type === undefined || output.type === null) {
    throw invalid(
      `required field "type" not found in profile ${name} and target ${targetName}`,
      document,
      [name, 'outputs', targetName],
      'add type: duckdb, or another adapter',
    );
  }
  keepSecrets(invocation, output, envVars);
  const locate = (keys: readonly string[]) => document.locate([name, 'outputs', targetName, ...keys]);
  return { name, targetName, output, path, envVars, locate };
}

/**
 * What a template may see of an output before an adapter has looked at it: everything but what is secret, and
 * the names dbt adds.
 */
export function shownTarget(profile: Profile): Record<string, unknown> {
  const { output, name, targetName } = profile;
  const shown = Object.fromEntries(Object.entries(output).filter(([key]) => !SECRET_KEY.test(key)));
  return {
    threads: 1,
    ...shown,
    name: targetName,
    target_name: targetName,
    profile_name: name,
  };
}

const SECRET_KEY =
  /^pass(word|phrase)?$|_(password|passphrase|secret|token)$|^(token|secret|secrets|access_token|private_key|keyfile_json|client_secret|secret_access_key)$/;

async function projectsProfile(
  options: LoadProfileOptions,
  onEnvVar: (name: string) => void,
): Promise<string | undefined> {
  const { invocation, file } = options;
  const { profile } = file.values;
  if (profile === undefined || profile === null) return undefined;
  const rendered = await renderValues(profile, {
    invocation,
    vars: invocation.vars,
    secrets: true,
    onEnvVar,
    locate: () => file.document.locate(['profile']),
  });
  return String(rendered);
}

/** Absolute folders in which profiles.yml is looked for, in order. */
export function searchPath(invocation: Pick<Invocation, 'flags' | 'cwd' | 'env'>, root: string): string[] {
  const { flags, cwd, env } = invocation;
  if (flags.profilesDir !== undefined)
    return [resolve(cwd, flags.profilesDir.replace(/^~(?=\/|$)/, home(env)))];
  return [...new Set([cwd, root, join(home(env), '.dbt')])];
}

function home(env: Invocation['env']): string {
  return env.HOME ?? env.USERPROFILE ?? homedir();
}

interface FoundProfile {
  path: string;
  document: YamlDocument;
  /** Undefined when no file has the profile. */
  profile: Record<string, unknown> | undefined;
  /** Profiles of the files that were read. */
  names: string[];
}

function findProfile(
  folders: readonly string[],
  name: string,
  invocation: Invocation,
): FoundProfile | undefined {
  let last: FoundProfile | undefined;
  for (const folder of folders) {
    const path = join(folder, 'profiles.yml');
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const document = readProfiles(text, shownPath(path, invocation));
    const profiles = document.value as Record<string, unknown>;
    const names = [...(last?.names ?? []), ...Object.keys(profiles).filter((key) => key !== 'config')];
    if (!Object.hasOwn(profiles, name)) {
      last = { path, document, profile: undefined, names };
      continue;
    }
    const profile = profiles[name];
    if (isMapping(profile) && Object.keys(profile).length > 0) return { path, document, profile, names };
    throw invalid(wrapped(`Profile ${name} in profiles.yml is empty`), document, [name]);
  }
  return last;
}

/** As a person would write it: from the working folder, from home, or in full. */
function shownPath(path: string, { cwd, env }: Pick<Invocation, 'cwd' | 'env'>): string {
  const inside = relative(cwd, path);
  if (!inside.startsWith('..')) return inside;
  const ofHome = relative(home(env), path);
  return ofHome.startsWith('..') ? path : join('~', ofHome);
}

function readProfiles(text: string, path: string): YamlDocument {
  let document: YamlDocument;
  try {
    document = parseYaml(text, path);
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    throw new SqError({
      kind: error.kind,
      code: error.code,
      message: wrapped(`${error.header}\n${error.message.replace(/^(?=.)/gm, '  ')}`),
      at: error.at,
      hint: error.hint,
      cause: error,
    });
  }
  if (isMapping(document.value)) return document;
  const reason =
    document.value === null
      ? `The profiles.yml file at ${path} is empty`
      : `${path} holds a ${pythonTypeName(document.value)}, not a mapping of profiles`;
  throw invalid(wrapped(reason), document, []);
}

function wrapped(reason: string): string {
  return `\ndbt encountered an error while trying to read your profiles.yml file.\n\n${reason}\n`;
}

async function chosenTarget(
  options: LoadProfileOptions,
  name: string,
  profile: Record<string, unknown>,
  context: RenderContext,
  path: string,
): Promise<string> {
  const { flags, emit } = options.invocation;
  if (flags.target !== undefined) return flags.target;
  const { target } = profile;
  if (target !== undefined && target !== null) {
    return String(await renderValues(target, { ...context, locate: () => context.locate(['target']) }));
  }
  emit({
    name: 'SqNotice',
    topic: 'profile',
    msg: `target not specified in profile '${name}' (${path}), using 'default'`,
  });
  return 'default';
}

function chosenOutput(
  name: string,
  targetName: string,
  profile: Record<string, unknown>,
  { document, chosenAt }: { document: YamlDocument; chosenAt: 'target' | 'outputs' },
): Record<string, unknown> {
  const { outputs } = profile;
  if (!isMapping(outputs))
    throw invalid(
      `outputs not specified in profile '${name}'`,
      document,
      [name],
      'a profile holds outputs: with one entry per target',
    );
  if (!Object.hasOwn(outputs, targetName)) {
    const names = Object.keys(outputs);
    const near = nearest(targetName, names);
    throw invalid(
      `The profile '${name}' does not have a target named '${targetName}'. The valid target names for this profile are:\n${names.map((one) => ` - ${one}`).join('\n')}`,
      document,
      [name, chosenAt],
      near === undefined
        ? `choose one with --target, or with a line \`target: ${names[0] ?? 'dev'}\` in the profile`
        : `did you mean '${near}'?`,
    );
  }
  const output = outputs[targetName];
  if (isMapping(output)) return output;
  throw invalid(`output '${targetName}' of profile '${name}' is misconfigured in profiles.yml`, document, [
    name,
    'outputs',
    targetName,
  ]);
}

/** A password may hold what looks like Jinja and is none: then it stays as written. */
async function renderOutput(
  raw: Record<string, unknown>,
  context: RenderContext,
): Promise<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    try {
      out[key] = await renderValues(value, { ...context, locate: (keys) => context.locate([key, ...keys]) });
    } catch (error) {
      const environment =
        error instanceof SqError && (error.code === 'missing-env-var' || error.code === 'missing-var');
      if (key !== 'password' || environment) throw error;
      out[key] = value;
    }
  }
  return out;
}

function keepSecrets(
  invocation: Invocation,
  output: Record<string, unknown>,
  envVars: ReadonlySet<string>,
): void {
  for (const name of envVars) {
    const value = invocation.env[name];
    if (name.startsWith('DBT_ENV_SECRET_') && value) invocation.secrets.add(value);
  }
  // a password that is also a word of the connection, or as short as one, would mask half of every message
  const words = new Set(
    Object.entries(output)
      .filter(([key]) => !SECRET_KEY.test(key))
      .map(([, value]) => String(value)),
  );
  for (const [key, value] of Object.entries(output)) {
    if (!SECRET_KEY.test(key) || typeof value !== 'string' || value.length < 6) continue;
    if (!words.has(value) && value.toLowerCase() !== 'password') invocation.secrets.add(value);
  }
}

/** `<project>/<name>.duckdb`, schema main (decision 4). */
function embedded(
  options: LoadProfileOptions,
  profile: string | undefined,
  envVars: ReadonlySet<string>,
): Profile {
  const { invocation, file } = options;
  const project = typeof file.values.name === 'string' ? file.values.name : 'sq';
  const path = join(file.root, `${project}.duckdb`);
  const which =
    profile === undefined
      ? `dbt_project.yml names no profile`
      : `no profiles.yml has the profile '${profile}'`;
  invocation.emit({
    name: 'SqNotice',
    topic: 'engine',
    msg: `Using the embedded DuckDB in ${project}.duckdb: ${which}`,
  });
  return {
    name: profile ?? project,
    targetName: 'default',
    // nodes side by side, as many as the engine's writers profit from
    output: { type: 'duckdb', path, schema: 'main', threads: 4 },
    path: undefined,
    envVars,
  };
}

function noProfile(folders: readonly string[]): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'no-profile',
    message: `dbt cannot run because no profile was specified for this dbt project.\nTo specify a profile for this project, add a line like the this to\nyour dbt_project.yml file:\n\nprofile: [profile name]\n\nHere, [profile name] should be replaced with a profile name\ndefined in your profiles.yml file. You can find profiles.yml here:\n\n${folders.at(-1)}/profiles.yml\n`,
  });
}

function missingProfile(name: string, folders: readonly string[], names: readonly string[]): SqError {
  const near = nearest(name, names);
  const looked = `looked for profiles.yml in ${folders.join(', ')}`;
  const known =
    names.length === 0 ? 'found none' : `the profiles there are: ${[...new Set(names)].join(', ')}`;
  return new SqError({
    kind: 'Runtime',
    code: 'missing-profile',
    message: `Could not find profile named '${name}'`,
    hint: near === undefined ? `${looked}; ${known}` : `did you mean '${near}'? ${looked}`,
  });
}

function invalid(message: string, document: YamlDocument, keys: readonly string[], hint?: string): SqError {
  return new SqError({ kind: 'Runtime', code: 'invalid-profile', message, at: document.locate(keys), hint });
}
