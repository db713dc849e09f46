/** Overrides of a unit test: macros that answer a fixed value, variables, environment variables. */
import { type BaseContext, BaseNames } from '../../context/base.ts';
import type { MacroLibrary } from '../../context/macro-library.ts';
import { fromJs } from '../../template/index.ts';
import type { CompileOptions, Overrides } from '../contract.ts';

/** What stands in the place of macros and other names; the author's own last: they win. */
export function namesInstead(
  { batch, overrides }: Pick<CompileOptions, 'batch' | 'overrides'>,
  library: MacroLibrary,
  packageName: string,
): ReadonlyMap<string, unknown> | undefined {
  if (overrides === undefined) return batch?.incremental ? ADDS_ROWS : undefined;
  return new Map([
    ...(batch?.incremental ? ADDS_ROWS : []),
    ...overriddenNames(overrides, library, packageName),
  ]);
}

/** dbt: a name of sq's own macros means the same with and without its package. Names that nobody knows do nothing. */
function overriddenNames(
  { macros }: Overrides,
  library: MacroLibrary,
  packageName: string,
): Map<string, unknown> {
  const found = new Map<string, unknown>();
  // plain names last: they win
  const entries = Object.entries(macros).sort(
    ([a], [b]) => Number(b.includes('.')) - Number(a.includes('.')),
  );
  for (const [name, value] of entries) {
    const [owner, own] = name.includes('.') ? (name.split('.') as [string, string]) : [undefined, name];
    const macro = owner === undefined ? library.find(own, packageName) : library.findIn(owner, own);
    const answer = fromJs(value);
    const override = macro === undefined ? answer : () => answer;
    found.set(name, override);
    if (owner === 'dbt') found.set(own, override);
    if (owner === undefined && library.findIn('dbt', own) !== undefined) found.set(`dbt.${own}`, override);
  }
  return found;
}

/** The base with the test's variables in front of all others. */
export function overriddenBase(context: BaseContext, { vars, env_vars: env }: Overrides): BaseNames {
  const texts = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
  return new BaseNames({
    ...context,
    vars: { ...context.vars, cli: { ...context.vars.cli, ...vars } },
    invocation: { ...context.invocation, env: { ...context.invocation.env, ...texts } },
  });
}

/** What the macros answer while a batch is added to what is there. */
const ADDS_ROWS: ReadonlyMap<string, unknown> = new Map(
  ['', 'dbt.'].flatMap((prefix): [string, unknown][] => [
    [`${prefix}is_incremental`, () => true],
    [`${prefix}should_full_refresh`, () => false],
  ]),
);
