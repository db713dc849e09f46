/** Which nodes use a macro whose text has changed, directly or through other macros. */
import type { Manifest } from '../../manifest/manifest.ts';
import type { GraphNode, MacroNode } from '../../manifest/nodes.ts';
import type { PreviousManifest } from '../../manifest/previous-state.ts';

/** sq's own macros do not count: their text differs from that of the dbt which wrote the other manifest. */
const OWN_PACKAGE = /^dbt(_(duckdb|postgres|redshift|spark))?$/;

/** A test of vertices; macros are compared when it is first asked. */
export function usesModifiedMacro(
  manifest: Manifest,
  previous: PreviousManifest,
): (node: GraphNode) => boolean {
  let macros: Map<string, MacroNode> | undefined;
  const answers = new Map<string, boolean>();
  const isModified = (id: string): boolean => {
    const known = answers.get(id);
    if (known !== undefined) return known;
    // macros may call each other in a circle
    answers.set(id, false);
    macros ??= new Map([...manifest.macros()].map((macro) => [macro.unique_id, macro]));
    const macro = macros.get(id);
    const answer =
      macro !== undefined &&
      ((!OWN_PACKAGE.test(macro.package_name) && previous.macros.get(id)?.macro_sql !== macro.macro_sql) ||
        macro.depends_on.macros.some(isModified));
    answers.set(id, answer);
    return answer;
  };
  return (node) => {
    const used = 'depends_on' in node ? (node.depends_on as { macros?: string[] }).macros : undefined;
    return (used ?? []).some(isModified);
  };
}
