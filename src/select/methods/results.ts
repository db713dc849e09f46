/** Methods that look at how an earlier run ended: `result:` and `source_status:`. */
import { SqError } from '../../errors.ts';
import type { PreviousFreshness } from '../../manifest/previous-state.ts';
import type { SelectorMethod } from './contract.ts';

/** `result:error`: what ended so in the run of `--state`. */
export const result: SelectorMethod = ({ value, state }) => {
  const results = state?.previous.results;
  if (results === undefined) {
    throw missing('No comparison run_results', 'run_results.json', state?.previous.path);
  }
  const matching = new Set(
    results.filter(({ status }) => status === value).map(({ unique_id }) => unique_id),
  );
  return (node) => matching.has(node.unique_id);
};

/** `source_status:fresher`: sources with newer rows than in the run of `--state`. Needs `source freshness` before. */
export const sourceStatus: SelectorMethod = ({ value, state }) => {
  const before = state?.previous.sources;
  const now = state?.previous.currentSources;
  if (before === undefined) {
    const message = 'No previous state comparison freshness results in sources.json';
    throw missing(message, 'sources.json', state?.previous.path);
  }
  if (now === undefined) {
    throw missing(
      'No current state comparison freshness results in sources.json',
      'sources.json',
      'the target folder',
    );
  }
  const matching = value === 'fresher' ? fresher(before, now) : new Set<string>();
  return (node) => matching.has(node.unique_id);
};

function fresher(before: readonly PreviousFreshness[], now: readonly PreviousFreshness[]): Set<string> {
  const earlier = new Map(before.map((one) => [one.unique_id, one.max_loaded_at]));
  const matching = new Set<string>();
  for (const { unique_id, max_loaded_at } of now) {
    if (max_loaded_at === undefined) continue;
    const then = earlier.get(unique_id);
    if (then === undefined || Date.parse(max_loaded_at) > Date.parse(then)) matching.add(unique_id);
  }
  return matching;
}

function missing(message: string, file: string, folder: string | undefined): SqError {
  const hint =
    folder === undefined
      ? 'name the folder of the other run with --state'
      : file === 'sources.json'
        ? `there is no sources.json in ${folder}: run \`sq source freshness\` first`
        : `there is no ${file} in ${folder}`;
  return new SqError({ kind: 'Internal', code: 'selector-state', message, hint });
}
