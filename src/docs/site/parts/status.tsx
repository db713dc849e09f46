/** States: by shape, by colour and in words, so that nobody depends on one of them. */
import { STATES, type State } from '../../chunks.ts';

/** A disc passed, a triangle warned, a cross failed, a bar was skipped, a ring did not run. */
export function statePath(state: State, x: number, y: number, size = 4.5): string {
  switch (state) {
    case 4:
      return `M${x - size + 0.5} ${y - size + 0.5}L${x + size - 0.5} ${y + size - 0.5}M${x + size - 0.5} ${y - size + 0.5}L${x - size + 0.5} ${y + size - 0.5}`;
    case 3:
      return `M${x} ${y - size - 0.5}L${x + size + 1} ${y + size}H${x - size - 1}Z`;
    case 2:
      return `M${x - size} ${y}H${x + size}`;
    default:
      return `M${x - size} ${y}a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 ${-2 * size} 0`;
  }
}

export function StateMark({ state }: { state: State }) {
  return (
    <svg class={`mark state-${state}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={statePath(state, 6, 6, 4)} />
    </svg>
  );
}

/** `passed`, `3 failed`. */
export function StatePill({ state, text }: { state: State; text?: string | undefined }) {
  return (
    <span class={`pill state-${state}`}>
      <StateMark state={state} />
      {text ?? STATES[state]}
    </span>
  );
}
