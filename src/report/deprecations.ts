import type { SqEvent } from '../events.ts';

/** Counts deprecations by name: each is shown at its first occurrence, all of them in a summary at the end. */
export interface Deprecations {
  /** Counts one; answers whether it is to be shown. */
  count(eventName: string): boolean;
  /** The summary once, then undefined until more are counted; undefined when there is nothing to sum up. */
  takeSummary(): Extract<SqEvent, { name: 'DeprecationsSummary' }> | undefined;
}

export function countDeprecations(showAll: boolean): Deprecations {
  const counts = new Map<string, number>();
  return {
    count(eventName) {
      const before = counts.get(eventName) ?? 0;
      counts.set(eventName, before + 1);
      return showAll || before === 0;
    },
    takeSummary() {
      if (counts.size === 0) return undefined;
      const summaries = [...counts].map(([event_name, occurrences]) => ({ event_name, occurrences }));
      counts.clear();
      return { name: 'DeprecationsSummary', summaries, show_all_hint: !showAll };
    },
  };
}
