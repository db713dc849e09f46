/** `var()`: the command line wins over the root project, which wins over the package's own. */
import { SqError } from '../errors.ts';
import { callArguments, fromJs, toJson } from '../template/index.ts';
import { CallableNamespace } from './host.ts';

export interface VarLayers {
  /** `--vars`. */
  cli: Readonly<Record<string, unknown>>;
  /** `vars:` of the root project, as written (global and per package). */
  root: Readonly<Record<string, unknown>>;
  rootPackage: string;
  /** `vars:` of an installed package by its name. */
  packages: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/**
 * The value of a variable for code of `packageName`; undefined when nobody sets it. Order: command line, the
 * root's block for the package, the root's global, the package's own block, the package's global.
 */
export function findVar(layers: VarLayers, packageName: string, name: string): unknown {
  const own = layers.packages.get(packageName) ?? {};
  for (const layer of [
    layers.cli,
    blockOf(layers.root, packageName),
    layers.root,
    blockOf(own, packageName),
    own,
  ]) {
    if (Object.hasOwn(layer, name)) return layer[name];
  }
  return undefined;
}

function blockOf(vars: Readonly<Record<string, unknown>>, packageName: string): Record<string, unknown> {
  const block = vars[packageName];
  return typeof block === 'object' && block !== null && !Array.isArray(block)
    ? (block as Record<string, unknown>)
    : {};
}

/** All variables one package sees, for the error that lists them. */
function visibleVars(layers: VarLayers, packageName: string): Record<string, unknown> {
  const own = layers.packages.get(packageName) ?? {};
  const merged = {
    ...own,
    ...blockOf(own, packageName),
    ...layers.root,
    ...blockOf(layers.root, packageName),
    ...layers.cli,
  };
  // a block of a package is a layer, not a variable
  for (const name of [layers.rootPackage, ...layers.packages.keys()]) {
    if (typeof merged[name] === 'object' && !Object.hasOwn(layers.cli, name)) delete merged[name];
  }
  return merged;
}

/** `var(name, default)` with `.has_var(name)`. `owner` names the resource in errors. */
export function varFunction(layers: VarLayers, packageName: string, owner: string): CallableNamespace {
  const call = (...args: unknown[]) => {
    const given = callArguments(args, ['var_name', 'default']);
    const name = String(given.var_name);
    const value = findVar(layers, packageName, name);
    if (value !== undefined) return fromJs(value);
    if (given.default !== undefined) return given.default;
    throw new SqError({
      kind: 'Compilation',
      code: 'missing-var',
      message: `Required var '${name}' not found in config:\nVars supplied to ${owner} = ${toJson(fromJs(visibleVars(layers, packageName)))}`,
      hint: `give it a value: --vars '${name}: ...', or vars: in dbt_project.yml, or a default: var('${name}', ...)`,
    });
  };
  return new CallableNamespace('var', call, (member) =>
    member === 'has_var'
      ? (name: unknown) => findVar(layers, packageName, String(name)) !== undefined
      : undefined,
  );
}
