import type { SqEvent } from '../../events.ts';
import type { PreviousState } from '../../manifest/previous-state.ts';

/** What selectors that compare with an earlier run are given. */
export interface StateComparison {
  previous: PreviousState;
  /** Takes the warnings of a comparison: seeds too large to compare, contracts that were broken. */
  warn?: ((event: SqEvent) => void) | undefined;
  /** `state_modified_compare_more_unrendered_values`; default true. */
  compareUnrendered?: boolean | undefined;
  /** Types of constraints that the engine enforces: losing one breaks a contract. */
  enforcedConstraints?: ReadonlySet<string> | undefined;
  /** Models whose deprecation date lies before it may go. Default: none may. */
  now?: Date | undefined;
}
