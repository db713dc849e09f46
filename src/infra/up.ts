/** `sq infra up`: the stack as the template says it. */
import { SqError } from '../errors.ts';
import { checkCapacity } from './capacity.ts';
import { discard, executeChangeSet, type Prepared, prepareChangeSet } from './change-set.ts';
import { Stacks } from './cloudformation.ts';
import type { Outputs, PlannedChange, StackState, UpOptions } from './contract.ts';
import { eventsSoFar, follow } from './follow.ts';
import { settledStack } from './settled.ts';
import { templateResources } from './template.ts';

/** Outputs of the stack; undefined when the person said no. Throws SqError. */
export async function up(options: UpOptions): Promise<Outputs | undefined> {
  const { say, confirm } = options;
  const stacks = await Stacks.open(options);
  const before = await settledStack(stacks, say);
  if (before !== undefined && /FAILED$/.test(before.status)) throw stuck(stacks.name, before);
  checkCapacity(options, before);
  const prepared = await prepareChangeSet(stacks, before, parametersOf(options, before));
  if (prepared === undefined) {
    say(`${stacks.name}: no changes`);
    return before?.outputs ?? {};
  }
  say(before === undefined ? `${stacks.name} will be made of:` : `What will change in ${stacks.name}:`);
  for (const change of prepared.changes) say(changeLine(change));
  if (!(await agreed())) {
    await discard(stacks, prepared);
    say('Nothing was changed.');
    return undefined;
  }
  async function agreed(): Promise<boolean> {
    try {
      return await confirm(`${before === undefined ? 'Make' : 'Change'} ${stacks.name} now?`);
    } catch (error) {
      await discard(stacks, prepared as Prepared);
      throw error;
    }
  }
  const known = await eventsSoFar(stacks, prepared.stack);
  await executeChangeSet(stacks, prepared);
  const state = await follow(stacks, { id: prepared.stack, known, say });
  return state?.outputs ?? {};
}

/** What `up` would make, without asking AWS anything. */
export function describeUp({
  name,
  say,
  baseCapacity = 8,
  maxCapacity = 16,
}: Pick<UpOptions, 'name' | 'say' | 'baseCapacity' | 'maxCapacity'>): void {
  checkCapacity({ baseCapacity, maxCapacity });
  say(
    `sq-${name}: Redshift Serverless, ${baseCapacity} to ${maxCapacity} RPU, billed while queries run, and a door to Glue, billed by the hour; made of:`,
  );
  for (const { id, type } of templateResources())
    say(changeLine({ action: 'Add', id, type, replaces: false }));
  say('AWS was not asked, and nothing was changed.');
}

function parametersOf(
  { name, baseCapacity, maxCapacity, invocation }: UpOptions,
  before: StackState | undefined,
): Record<string, string> {
  const given: Record<string, string> = { Name: name };
  if (baseCapacity !== undefined) given.BaseCapacity = String(baseCapacity);
  if (maxCapacity !== undefined) given.MaxCapacity = String(maxCapacity);
  // the name of a snapshot can be used once
  if (before === undefined)
    given.FinalSnapshot = `${name}-${invocation.now().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  return given;
}

const SIGNS: Readonly<Record<string, string>> = { Add: '+', Remove: '-' };

function changeLine({ action, id, type, replaces }: PlannedChange): string {
  return `  ${SIGNS[action] ?? '~'} ${id} (${type})${replaces ? ', REPLACED: what it holds is lost' : ''}`;
}

function stuck(name: string, { status, reason }: StackState): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'stack-state',
    message: `${name} cannot be changed as it is: ${status}${reason === undefined ? '' : `: ${reason}`}`,
    hint: status.startsWith('DELETE')
      ? 'sq infra down again, then up'
      : "continue the rollback in CloudFormation's console, then the same command again",
  });
}
