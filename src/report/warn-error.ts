import type { SqEvent } from '../events.ts';
import type { Flags } from '../invocation.ts';
import { nameOf } from './codes.ts';

export type Verdict = 'show' | 'silence' | 'raise';

/**
 * Events that dbt sends through `warn_or_error`: only these can be silenced or made errors. A test that warns
 * is not among them: its result changes where it is judged, in execute/.
 */
const UPGRADABLE = new Set<SqEvent['name']>([
  'Deprecation',
  'Warning',
  'JinjaLogWarning',
  'NoNodesForSelectionCriteria',
  'NoNodesSelected',
  'NothingToDo',
]);

/**
 * What `--warn-error` and `--warn-error-options` make of an event. As dbt: a name beats the group
 * `Deprecations`, which beats `all`; `silence` and `warn` beat `error` at the same rank.
 */
export function judge(event: SqEvent, flags: Pick<Flags, 'warnError' | 'warnErrorOptions'>): Verdict {
  if (!UPGRADABLE.has(event.name)) return 'show';
  const { error, warn, silence } = flags.warnErrorOptions;
  const all = flags.warnError || error === 'all';
  const named = error === 'all' ? [] : error;
  const keys = [nameOf(event)];
  if (event.name === 'Deprecation') keys.push('Deprecations');
  for (const key of keys) {
    if (silence.includes(key)) return 'silence';
    if (warn.includes(key)) return 'show';
    if (named.includes(key)) return 'raise';
  }
  if (silence.includes('all') || silence.includes('*')) return 'silence';
  if (all || named.includes('all') || named.includes('*')) return 'raise';
  return 'show';
}
