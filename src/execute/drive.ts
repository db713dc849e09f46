/** Drives a plan: each step is answered, a failed answer is thrown into the plan, which may clean up. */
import type { Plan, PlanResult, Step } from '../materializations/contract.ts';

export async function drive(plan: Plan, answer: (step: Step) => Promise<unknown>): Promise<PlanResult> {
  let turn = plan.next();
  while (!turn.done) {
    let value: unknown;
    try {
      value = await answer(turn.value);
    } catch (error) {
      turn = plan.throw(error);
      continue;
    }
    turn = plan.next(value);
  }
  return turn.value;
}
