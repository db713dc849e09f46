/** sq's own macros and generic tests: ordinary macro files, loaded by the same loader as a user's. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuiltinMacroFile {
  /** `dbt` or `dbt_<adapter>`. */
  package: string;
  /** Within the package, forward slashes: `macros/relations/table.sql`. */
  path: string;
  text: string;
}

/**
 * The files of `adapterFolders` (most specific first) and of package `dbt`, in a fixed order. A folder that has
 * no macros of its own gives none.
 */
export function builtinMacroFiles(adapterFolders: readonly string[]): BuiltinMacroFile[] {
  const root = macroRoot();
  return [...adapterFolders, 'dbt'].flatMap((name) => filesOf(root, name));
}

/** The sources hold `macros/` beside this file, the bundle `builtins/macros/` beside its chunks. */
function macroRoot(): string {
  const here = import.meta.dirname;
  const bundled = join(here, 'builtins', 'macros');
  return existsSync(bundled) ? bundled : join(here, 'macros');
}

function filesOf(root: string, packageName: string): BuiltinMacroFile[] {
  const folder = join(root, packageName);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sql'),
  );
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((name) => ({
      package: packageName,
      path: `macros/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
}
