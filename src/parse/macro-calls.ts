/**
 * Which macros each macro calls, read off its text: dbt's `depends_on.macros`, by which `state:modified.macros`
 * finds what a changed macro reaches. sq's own macros change with sq only and are not looked at.
 */
import type { MacroNode } from '../manifest/nodes.ts';
import type { StaticCall } from '../template/index.ts';
import type { ParseSession } from './session.ts';

const FUNCTIONS = new Set(['ref', 'source', 'config']);

/** Sets `depends_on.macros` of every macro of the project and its packages. Throws for a macro that is no Jinja. */
export function linkMacros(session: ParseSession): void {
  const { macros, library } = session;
  for (const packageName of [macros.rootPackage, ...macros.packages]) {
    for (const name of macros.names(packageName)) {
      const macro = macros.macro(packageName, name);
      // a macro without a call in parentheses calls none
      if (macro?.macro_sql.includes('('))
        macro.depends_on.macros = calledBy(macro, session, library.template(macro).calls());
    }
  }
}

function calledBy(macro: MacroNode, session: ParseSession, calls: readonly StaticCall[]): string[] {
  const found = new Set<string>();
  for (const call of calls) {
    if (call.name === 'adapter.dispatch') {
      for (const id of dispatched(macro, session, call)) found.add(id);
      continue;
    }
    if (FUNCTIONS.has(call.name)) continue;
    const id = named(macro, session, call.name);
    if (id !== undefined) found.add(id);
  }
  found.delete(macro.unique_id);
  return [...found];
}

function named(macro: MacroNode, { library }: ParseSession, name: string): string | undefined {
  const dot = name.indexOf('.');
  const called =
    dot === -1
      ? library.find(name, macro.package_name)
      : library.findIn(name.slice(0, dot), name.slice(dot + 1));
  return called?.unique_id;
}

/** The macro of the dispatched name itself, and the one that dispatch finds. */
function dispatched(macro: MacroNode, { library }: ParseSession, call: StaticCall): string[] {
  const name = call.args[0] ?? call.kwargs.macro_name;
  if (name === undefined) return [];
  const namespace = call.args[1] ?? call.kwargs.macro_namespace ?? null;
  const found = library.dispatch(name, namespace, macro.package_name);
  const direct = name === macro.name ? undefined : library.find(name, macro.package_name)?.unique_id;
  return [direct, 'attempts' in found ? undefined : found.unique_id].filter((id) => id !== undefined);
}
