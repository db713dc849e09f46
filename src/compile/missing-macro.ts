import type { MacroLibrary } from '../context/macro-library.ts';
import { SqError } from '../errors.ts';

/** dbt's text for a macro that a step asks for and nobody has. */
export function missingMacro(name: string, library: MacroLibrary): SqError {
  const near = library.suggest(name);
  return new SqError({
    kind: 'Runtime',
    code: 'missing-macro',
    message: `dbt could not find a macro with the name '${name}' in any package`,
    hint: near ? `did you mean '${near}'?` : undefined,
  });
}
