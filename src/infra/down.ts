/** `sq infra down`: takes the stack down, and never data that was not given up in so many words. */
import { SqError } from '../errors.ts';
import { Bucket } from './bucket.ts';
import { executeChangeSet, prepareChangeSet } from './change-set.ts';
import { Stacks } from './cloudformation.ts';
import type { DownOptions, StackState } from './contract.ts';
import { eventsSoFar, follow } from './follow.ts';
import { deleteStack, settledStack } from './settled.ts';

/** False when the person said no. Throws SqError. */
export async function down(options: DownOptions): Promise<boolean> {
  const { say, confirm, deleteData, finalSnapshot } = options;
  const stacks = await Stacks.open(options);
  const state = await settledStack(stacks, say);
  if (state === undefined) {
    say(`${stacks.name} does not exist: there is nothing to take down`);
    return true;
  }
  const bucketName = state.outputs.DataBucket;
  const bucket = bucketName === undefined ? undefined : await Bucket.open(bucketName, stacks, options);
  const objects = await bucket?.objects();
  if (bucket !== undefined && objects !== undefined && !deleteData) {
    if (objects > 0) throw holdsData(bucket.name, counted(objects, 'object'), stacks.name);
    const old = await bucket.oldVersions();
    if (old > 0) throw holdsData(bucket.name, counted(old, 'old version'), stacks.name);
  }
  for (const line of losses(state, { ...options, bucket: objects === undefined ? undefined : bucketName }))
    say(line);
  if (!(await confirm(`Take ${stacks.name} down now?`))) {
    say('Nothing was changed.');
    return false;
  }
  if (!finalSnapshot && (state.parameters.FinalSnapshot ?? '') !== '')
    await forgetSnapshot(stacks, state, say);
  await deleteStack(stacks, state.id, say);
  // the last thing of all: were this cut off, the data would still be there
  if (bucket !== undefined && objects !== undefined)
    await bucket.delete().catch((error: unknown) => {
      throw bucketLeft(stacks.name, bucket.name, error as SqError);
    });
  say(`${stacks.name} is gone`);
  return true;
}

function losses(
  { parameters }: StackState,
  { finalSnapshot, bucket }: { finalSnapshot: boolean; bucket: string | undefined },
): string[] {
  const snapshot = parameters.FinalSnapshot ?? '';
  return [
    finalSnapshot && snapshot !== ''
      ? `The warehouse is deleted; its tables stay for 30 days as the snapshot ${snapshot}.`
      : 'The warehouse is deleted with its tables; no snapshot is kept.',
    ...(bucket === undefined ? [] : [`The bucket ${bucket} is deleted with all that is in it.`]),
  ];
}

/** The namespace keeps a snapshot unless the stack says otherwise before it is deleted. */
async function forgetSnapshot(stacks: Stacks, state: StackState, say: DownOptions['say']): Promise<void> {
  const prepared = await prepareChangeSet(stacks, state, { FinalSnapshot: '' });
  if (prepared === undefined) return;
  const known = await eventsSoFar(stacks, state.id);
  await executeChangeSet(stacks, prepared);
  await follow(stacks, { id: state.id, known, say });
}

const counted = (number: number, what: string) =>
  number >= 1000 ? `a thousand ${what}s or more` : `${number} ${what}${number === 1 ? '' : 's'}`;

/** Nothing of the stack tells its name any more. */
function bucketLeft(stack: string, bucket: string, { message, hint, cause }: SqError): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'bucket-left',
    message: `${stack} is gone, and its bucket ${bucket} is left: ${message}`,
    hint: `${hint === undefined ? '' : `${hint}; then `}empty and delete s3://${bucket} in S3's console`,
    cause,
  });
}

function holdsData(bucket: string, what: string, stack: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'bucket-holds-data',
    message: `${stack} stays: its bucket ${bucket} holds data (${what}).`,
    hint: `copy what you need (aws s3 sync s3://${bucket} .), then sq infra down --delete-data`,
  });
}
