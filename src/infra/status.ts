/** `sq infra status`: how the stack is. */
import { Bucket } from './bucket.ts';
import { Stacks } from './cloudformation.ts';
import type { InfraOptions } from './contract.ts';
import { notOurs } from './settled.ts';

/** True when the stack is there and whole. Throws SqError. */
export async function status(options: InfraOptions): Promise<boolean> {
  const { say } = options;
  const stacks = await Stacks.open(options);
  const state = await stacks.state();
  if (state === undefined) {
    say(`${stacks.name} does not exist. sq infra up makes it.`);
    return false;
  }
  if (!state.own) {
    say(notOurs(stacks.name).message);
    return false;
  }
  say(`${stacks.name}: ${state.status}${state.reason === undefined ? '' : `: ${state.reason}`}`);
  for (const [key, value] of Object.entries({ ...state.outputs, ...state.parameters })) {
    if (key !== 'Name' && value !== '') say(`  ${key.padEnd(14)} ${value}`);
  }
  const { DataBucket } = state.outputs;
  if (DataBucket !== undefined) {
    const objects = await (await Bucket.open(DataBucket, stacks, options)).objects();
    const held = objects === undefined ? 'is gone' : objects === 0 ? 'is empty' : 'holds data';
    say(`  the bucket ${held}`);
  }
  return /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/.test(state.status);
}
