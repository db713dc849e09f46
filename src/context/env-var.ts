/** `env_var()`, recording every name that was read: the parse cache must know when one changes. */
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { callArguments } from '../template/index.ts';

const SECRET = 'DBT_ENV_SECRET_';

/** Throws kind Parsing when the variable is missing, and for secrets, which only profiles may read (dbt). */
export function envVarFunction(
  invocation: Invocation,
  read: (name: string) => void,
): (...args: unknown[]) => string {
  return (...args) => {
    const given = callArguments(args, ['var', 'default']);
    const name = String(given.var);
    if (name.startsWith(SECRET)) {
      throw new SqError({
        kind: 'Parsing',
        code: 'secret-env-var',
        message: `Secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere.`,
      });
    }
    read(name);
    const value = invocation.env[name];
    if (value !== undefined) return value;
    if (given.default !== undefined) return given.default === null ? 'None' : String(given.default);
    throw new SqError({
      kind: 'Parsing',
      code: 'missing-env-var',
      message: `Env var required but not provided: '${name}'`,
      hint: `set ${name}, put it into .env, or give a default: env_var('${name}', '...')`,
    });
  };
}
