/** A stack at rest that may be changed, or why it may not. */
import { SqError } from '../errors.ts';
import type { Stacks } from './cloudformation.ts';
import type { InfraOptions, StackState } from './contract.ts';
import { eventsSoFar, follow, isBusy } from './follow.ts';

/**
 * Undefined when there is no stack. A change that an earlier call began is watched to its end; what a creation
 * that failed has left is cleared away, as CloudFormation can do nothing else with it. Throws SqError for a
 * stack of somebody else's.
 */
export async function settledStack(
  stacks: Stacks,
  say: InfraOptions['say'],
): Promise<StackState | undefined> {
  let state = await stacks.state();
  if (state === undefined) return undefined;
  if (!state.own) throw notOurs(stacks.name);
  if (isBusy(state.status)) {
    say(`${stacks.name} is being changed already (${state.status}); watching that first:`);
    const { id } = state;
    const known = await eventsSoFar(stacks, id, true);
    // how it ended is what counts here
    await follow(stacks, { id, known, say }).catch(() => undefined);
    state = await stacks.state();
  }
  if (state?.status !== 'ROLLBACK_COMPLETE') return state;
  say(`${stacks.name} is what a creation that failed has left; clearing it away:`);
  await deleteStack(stacks, state.id, say);
  return undefined;
}

export async function deleteStack(stacks: Stacks, id: string, say: InfraOptions['say']): Promise<void> {
  const { sdk, client } = stacks;
  const known = await eventsSoFar(stacks, id);
  // another for each try: after a deletion that failed, CloudFormation takes the same token for the same request
  const token = `sq-delete-${id.slice(-36)}-${known.size}`;
  await stacks.ask('deleting the stack', () =>
    client.send(new sdk.DeleteStackCommand({ StackName: id, ClientRequestToken: token })),
  );
  await follow(stacks, { id, known, say });
}

export function notOurs(name: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'stack-foreign',
    message: `There is a stack ${name} that sq did not make (it has no tag made-by: sq). It is left alone.`,
    hint: 'choose another --name',
  });
}
