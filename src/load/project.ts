/** dbt_project.yml, rendered and checked, with dbt's defaults. */
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { DBT_VERSION } from '../version.ts';
import type { ProjectConfig } from './contract.ts';
import type { ProjectFileContents } from './project-file.ts';
import { CONFIG_TREES, hyphenated } from './project-keys.ts';
import { ProjectShape } from './project-shape.ts';
import { type KeyPath, renderValues } from './render.ts';
import { checkVersion, versionRequirements } from './require-version.ts';
import { isMapping } from './values.ts';
import { readVarsFile } from './vars.ts';

export interface LoadProjectOptions {
  invocation: Invocation;
  file: ProjectFileContents;
  /** What `target` shows in the project's Jinja: see `shownTarget`. */
  target?: Readonly<Record<string, unknown>>;
  /** An installed package: paths of the command line are not its own. */
  isPackage?: boolean;
}

/**
 * The project of a dbt_project.yml. Values are rendered with `env_var`, `target` and the variables of the
 * command line and vars.yml; variables, hooks and the query comment stay as written (they are rendered when
 * used). Emits dbt's deprecations of paths. Throws kind Runtime for what dbt refuses: names, types of values, a
 * version that does not fit (unless `--no-version-check`), `tests` beside `data_tests`, two places for `vars`.
 */
export async function loadProject(options: LoadProjectOptions): Promise<ProjectConfig> {
  const { invocation, file } = options;
  const { document, root } = file;
  const varsFile = readVarsFile(root);
  const written = hyphenated(file.values);
  const shape = new ProjectShape(written, document);
  if (varsFile && isMapping(written.vars) && Object.keys(written.vars).length > 0) {
    throw shape.error(['vars'], 'Variables cannot be defined in both vars.yml and dbt_project.yml. ');
  }
  const envVars = new Set<string>();
  const rendered = (await renderValues(
    written,
    {
      invocation,
      vars: { ...varsFile?.vars, ...invocation.vars },
      target: options.target,
      secrets: false,
      onEnvVar: (name) => envVars.add(name),
      locate: (keys) => document.locate(keys),
    },
    staysAsWritten,
  )) as Record<string, unknown>;
  const values = new ProjectShape(rendered, document);
  const name = values.name();
  const requireDbtVersion =
    rendered['require-dbt-version'] == null ? [] : versionRequirements(rendered['require-dbt-version']);
  requireVersion(requireDbtVersion, name, options, values);
  warnOfPaths(rendered, options);
  const paths = values.paths();
  const target = values.text('target-path') ?? 'target';
  const targetPath = options.isPackage ? target : (invocation.flags.targetPath ?? target);
  return {
    root,
    name,
    version: versionText(rendered, document),
    profile: values.text('profile') ?? null,
    requireDbtVersion,
    ...paths,
    targetPath,
    logPath: (options.isPackage ? undefined : invocation.flags.logPath) ?? values.text('log-path') ?? 'logs',
    packagesInstallPath: values.text('packages-install-path') ?? 'dbt_packages',
    cleanTargets: values.texts('clean-targets') ?? [targetPath],
    quoting: values.quoting(),
    onRunStart: values.texts('on-run-start') ?? [],
    onRunEnd: values.texts('on-run-end') ?? [],
    dispatch: values.dispatch(),
    vars: varsFile ? varsFile.vars : values.mapping('vars'),
    trees: trees(values),
    unrenderedTrees: trees(shape),
    flags: values.mapping('flags'),
    queryComment: rendered['query-comment'],
    restrictAccess: rendered['restrict-access'] === true,
    sq: values.mapping('sq'),
    envVars,
    text: file.text,
    document,
  };
}

const HOOKS = new Set(['pre-hook', 'post-hook', 'pre_hook', 'post_hook']);
const WITH_HOOKS = new Set(['seeds', 'models', 'snapshots', 'tests', 'data_tests']);
const LATER = new Set(['on-run-start', 'on-run-end', 'query-comment', 'vars']);

/** What is rendered when it is used, not now. */
function staysAsWritten(keys: KeyPath): boolean {
  const first = String(keys[0]);
  if (LATER.has(first)) return true;
  return WITH_HOOKS.has(first) && keys.some((key) => HOOKS.has(String(key).replace(/^[+ ]+/, '')));
}

function requireVersion(
  requirements: string[],
  name: string,
  options: LoadProjectOptions,
  shape: ProjectShape,
): void {
  if (requirements.length === 0 || options.invocation.flags.other.version_check === false) return;
  try {
    checkVersion(requirements, DBT_VERSION, name);
  } catch (error) {
    throw error instanceof SqError ? shape.error(['require-dbt-version'], error.message, error.hint) : error;
  }
}

/** dbt warns of paths that belong on the command line, unless they are the default. */
function warnOfPaths(values: Record<string, unknown>, options: LoadProjectOptions): void {
  const paths = [
    ['target-path', 'target', 'ConfigTargetPathDeprecation', 'artifacts', '--target-path', 'DBT_TARGET_PATH'],
    ['log-path', 'logs', 'ConfigLogPathDeprecation', 'logs', '--log-path', 'DBT_LOG_PATH'],
  ] as const;
  for (const [key, usual, event, output, flag, variable] of paths) {
    if (values[key] === undefined || values[key] === usual) continue;
    options.invocation.emit({
      name: 'Deprecation',
      event_name: event,
      msg: `The \`${key}\` config in \`dbt_project.yml\` has been deprecated, and will no longer be supported in a future version of dbt-core. If you wish to write dbt ${output} to a custom directory, please use the ${flag} CLI flag or ${variable} env var instead.`,
    });
  }
  for (const [old, key, event] of [
    ['source-paths', 'model-paths', 'ConfigSourcePathDeprecation'],
    ['data-paths', 'seed-paths', 'ConfigDataPathDeprecation'],
  ] as const) {
    if (values[old] === undefined) continue;
    options.invocation.emit({
      name: 'Deprecation',
      event_name: event,
      msg: `The \`${old}\` config has been renamed to \`${key}\`. Please update your \`dbt_project.yml\` configuration to reflect this change.`,
    });
  }
}

function trees(shape: ProjectShape): Record<string, Record<string, unknown>> {
  const out: Record<string, Record<string, unknown>> = {};
  for (const key of CONFIG_TREES) {
    const tree = shape.mapping(key === 'data_tests' && shape.values.data_tests === undefined ? 'tests' : key);
    if (Object.keys(tree).length > 0) out[key] = tree;
  }
  return out;
}

function versionText(
  values: Record<string, unknown>,
  document: ProjectFileContents['document'],
): string | null {
  const { version } = values;
  if (version === undefined || version === null) return null;
  const text = String(version);
  return document.value !== null && document.isFloat(document.value as object, 'version')
    ? `${text}.0`
    : text;
}
