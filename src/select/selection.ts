/** What a command line asks for, as one specification: the first half of selecting. */
import type { SelectorDefinition } from '../manifest/manifest.ts';
import { difference, parseUnion } from './grammar.ts';
import type { IndirectSelection, SelectionSpec } from './spec.ts';
import { defaultSelectorName, namedSelector, parseSelectors, type Selectors } from './yaml-selectors.ts';

export interface SelectionRequest {
  /** `--select`, one string an argument; empty or absent: not given. */
  select?: readonly string[] | undefined;
  /** `--exclude`. */
  exclude?: readonly string[] | undefined;
  /** `--selector`: goes before `select` and `exclude`, as in dbt. */
  selector?: string | undefined;
  /** `--indirect-selection`; a selector of selectors.yml may say otherwise. Default eager. */
  indirectSelection?: IndirectSelection | undefined;
  /** `manifest.selectors`. */
  selectors?: ReadonlyMap<string, SelectorDefinition> | undefined;
}

export interface ParsedSelection {
  spec: SelectionSpec;
  selectors: Selectors;
  /** Set when nothing was asked for and selectors.yml has a default: dbt tells so (event DefaultSelector). */
  defaultSelector?: string;
}

/**
 * Reads a request without looking at any node. Nothing asked for means the default selector or everything.
 * Throws SqError (Runtime) for bad syntax, on the command line or anywhere in selectors.yml, and for a
 * selector that does not exist.
 */
export function parseSelection(request: SelectionRequest): ParsedSelection {
  const mode = request.indirectSelection ?? 'eager';
  const definitions = request.selectors ?? new Map<string, SelectorDefinition>();
  const selectors = parseSelectors(definitions, mode);
  if (request.selector) return { spec: namedSelector(selectors, request.selector), selectors };
  const select = request.select ?? [];
  const exclude = request.exclude ?? [];
  if (select.length + exclude.length === 0) {
    const name = defaultSelectorName(definitions);
    if (name !== undefined) return { spec: namedSelector(selectors, name), selectors, defaultSelector: name };
  }
  const included: SelectionSpec = select.length === 0 ? { kind: 'everything' } : parseUnion(select, mode);
  const spec = exclude.length === 0 ? included : difference(included, parseUnion(exclude, mode));
  return { spec, selectors };
}
