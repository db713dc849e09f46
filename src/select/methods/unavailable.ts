import { selectionError } from '../selection-error.ts';
import type { SelectorMethod } from './contract.ts';

/** Methods that compare with an earlier run: they are understood, and say what is missing. */
function unavailable(method: string, message: string): SelectorMethod {
  return () => {
    throw selectionError(
      'selector-state',
      message,
      `'${method}:' compares with the artefacts of an earlier run (--state), which this version of sq does not do; select by name, tag or path`,
    );
  };
}

export const state = unavailable('state', 'Got a state selector method, but no comparison manifest');
export const result = unavailable('result', 'Got a result selector method, but no comparison run_results');
export const sourceStatus = unavailable(
  'source_status',
  'Got a source_status selector method, but no previous state comparison freshness results in sources.json',
);
