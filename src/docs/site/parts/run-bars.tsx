/** The last runs as bars: how long each took, and whether it went well. */
import type { RunFacts, State } from '../../chunks.ts';
import { duration, moment, plural } from '../format.ts';

const MOST = 50;

/** The worst state of a run. */
export function runState({ nodes, tests }: RunFacts): State {
  for (const state of [4, 3] as const) if (nodes[state]! + tests[state]! > 0) return state;
  return nodes[1]! + tests[1]! > 0 ? 1 : 0;
}

export function RunBars({ runs }: { runs: readonly RunFacts[] }) {
  const shown = runs.slice(-MOST);
  const longest = Math.max(1, ...shown.map(({ elapsed }) => elapsed));
  const failed = shown.filter((run) => runState(run) === 4).length;
  const last = shown.at(-1);
  return (
    <>
      <div
        class="run-bars"
        role="img"
        aria-label={`${plural(shown.length, 'run')}, ${failed} failed; the last took ${duration(last?.elapsed ?? -1)}`}
      >
        {shown.map((run) => (
          <span
            key={run.startedAt}
            class={`state-${runState(run)}`}
            style={{ height: `${Math.max(6, (100 * run.elapsed) / longest)}%` }}
            title={`${moment(run.startedAt)}: ${run.command}, ${duration(run.elapsed)}`}
          />
        ))}
      </div>
      <p class="dim small">
        {plural(shown.length, 'run')}, the longest {duration(longest)}
        {failed > 0 && `, ${failed} with failures`}
      </p>
    </>
  );
}
