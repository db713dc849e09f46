import { parseSelection, resourceTypesOf, selectNodes } from '../select/index.ts';
import type { Opened } from './open-and-parse.ts';
import type { Session } from './session.ts';
import { comparisonOf } from './state-folders.ts';

/** Unique ids that the session's flags select for its command; criteria that match nothing are warnings. */
export function selectFor(session: Session, opened: Opened, command: string): string[] {
  const { invocation } = session;
  if (session.again !== undefined) return session.again.select(opened.parsed.manifest);
  const { indirectSelection, other } = invocation.flags;
  const select = words(other.select);
  const exclude = words(other.exclude);
  const selector = typeof other.selector === 'string' ? other.selector : undefined;
  if (selector !== undefined && select.length + exclude.length > 0) {
    const msg = '--select and --exclude are ignored, because --selector is given';
    invocation.emit({ name: 'Warning', event_name: 'SelectExcludeIgnoredWithSelectorWarning', msg });
  }
  const { manifest } = opened.parsed;
  const wanted = parseSelection({
    select,
    exclude,
    selector,
    indirectSelection,
    selectors: manifest.selectors,
  });
  if (wanted.defaultSelector !== undefined) {
    invocation.emit({ name: 'Note', msg: `Using default selector ${wanted.defaultSelector}` });
  }
  const { selected, warnings } = selectNodes(manifest, wanted, {
    resourceTypes: resourceTypesOf(command, {
      include: words(other.resource_types),
      exclude: words(other.exclude_resource_types),
    }),
    includeEmpty: command === 'ls',
    projectRoot: opened.context.projectDir,
    state: comparisonOf(opened.context, opened.folders),
  });
  for (const warning of warnings) invocation.emit(warning);
  return [...selected];
}

/** Values of an option that takes several. */
export function words(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
