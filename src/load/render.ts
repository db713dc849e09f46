/**
 * Jinja in the values of dbt_project.yml, profiles.yml and packages.yml. Texts without a tag, nearly all of
 * them, never reach the template room: it is loaded with the first one that has a tag.
 */
import { type Location, SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { DBT_VERSION } from '../version.ts';
import { isMapping } from './values.ts';

export type KeyPath = readonly (string | number)[];

export interface RenderContext {
  invocation: Invocation;
  /** What `var()` answers. */
  vars: Readonly<Record<string, unknown>>;
  /** `target` of the project's Jinja: shown settings of the chosen output. */
  target?: Readonly<Record<string, unknown>>;
  /** Profiles and packages may read DBT_ENV_SECRET_*; nothing else may. */
  secrets: boolean;
  /** Called with the name of every environment variable that is read. */
  onEnvVar?: (name: string) => void;
  /** Place of the value at a key path, for errors. */
  locate: (keys: KeyPath) => Location;
}

/** True when the text holds a Jinja tag. */
export function hasJinja(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/**
 * `value` with every text in it rendered to dbt's native value; values at paths for which `skip` answers true
 * stay as written. Throws kind Compilation (`Could not render ...`) or Parsing (environment variables), at the
 * place of the text.
 */
export async function renderValues(
  value: unknown,
  context: RenderContext,
  skip: (keys: KeyPath) => boolean = () => false,
): Promise<unknown> {
  if (!needsRendering(value, [], skip)) return value;
  const renderText = await textRenderer(context);
  const visit = (item: unknown, keys: KeyPath): unknown => {
    if (typeof item === 'string') return hasJinja(item) && !skip(keys) ? renderText(item, keys) : item;
    if (Array.isArray(item)) return item.map((one, i) => visit(one, [...keys, i]));
    if (!isMapping(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, one]) => [key, visit(one, [...keys, key])]));
  };
  return visit(value, []);
}

function needsRendering(value: unknown, keys: KeyPath, skip: (keys: KeyPath) => boolean): boolean {
  if (typeof value === 'string') return hasJinja(value) && !skip(keys);
  if (Array.isArray(value)) return value.some((item, i) => needsRendering(item, [...keys, i], skip));
  return (
    isMapping(value) &&
    Object.entries(value).some(([key, item]) => needsRendering(item, [...keys, key], skip))
  );
}

async function textRenderer(context: RenderContext): Promise<(text: string, keys: KeyPath) => unknown> {
  const template = await import('../template/index.ts');
  const { invocation, vars } = context;
  const names: Record<string, unknown> = {
    env_var: (...args: unknown[]) => {
      const given = template.callArguments(args, ['var', 'default']);
      return readEnvVar(String(given.var), given.default, context);
    },
    var: (...args: unknown[]) => {
      const given = template.callArguments(args, ['var_name', 'default']);
      const name = String(given.var_name);
      if (Object.hasOwn(vars, name)) return template.fromJs(vars[name]);
      if (given.default !== undefined) return given.default;
      throw new SqError({
        kind: 'Compilation',
        code: 'missing-var',
        message: `Required var '${name}' not found in config:\nVars supplied to <Configuration> = ${JSON.stringify(vars, null, 4)}`,
        hint: `dbt_project.yml and profiles.yml see variables of --vars and vars.yml only; give a default: var('${name}', ...)`,
      });
    },
    target: template.fromJs(context.target ?? {}),
    env: template.fromJs(context.target ?? {}),
    dbt_version: DBT_VERSION,
    invocation_id: invocation.id,
    tojson: (value: unknown) => template.toJson(value),
    fromjson: (text: unknown) => template.fromJs(JSON.parse(String(text))),
  };
  const lookup = (name: string) => (Object.hasOwn(names, name) ? names[name] : undefined);
  return (text, keys) => {
    try {
      return template.toJs(template.renderExpression(text, { lookup, undefinedMode: 'strict-use' }));
    } catch (error) {
      throw located(error, text, context.locate(keys));
    }
  };
}

function located(error: unknown, text: string, at: Location): unknown {
  if (!(error instanceof SqError)) return error;
  // dbt tells the text only for what Jinja itself refuses
  const own = error.code === 'missing-var' || error.kind !== 'Compilation';
  return new SqError({
    kind: error.kind,
    code: error.code,
    message: own ? error.message : `Could not render ${text}: ${error.message}`,
    at,
    hint: error.hint,
    cause: error,
  });
}

function readEnvVar(name: string, fallback: unknown, context: RenderContext): unknown {
  if (name.startsWith('DBT_ENV_SECRET_') && !context.secrets) {
    throw new SqError({
      kind: 'Parsing',
      code: 'secret-env-var',
      message: `Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`,
    });
  }
  context.onEnvVar?.(name);
  const value = context.invocation.env[name];
  if (value !== undefined) return value;
  if (fallback !== undefined) return fallback;
  throw new SqError({
    kind: 'Parsing',
    code: 'missing-env-var',
    message: `Env var required but not provided: '${name}'`,
    hint: `set ${name}, put it into .env, or give a default: env_var('${name}', '...')`,
  });
}
