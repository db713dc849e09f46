/** What would change, asked of CloudFormation before anything does. */
import type { Change } from '@aws-sdk/client-cloudformation';
import { SqError } from '../errors.ts';
import { OWN_TAG, type Stacks } from './cloudformation.ts';
import type { PlannedChange, StackState } from './contract.ts';
import { templateText } from './template.ts';

export interface Prepared {
  id: string;
  /** Unique id of the stack; CloudFormation has one as soon as there is a change set. */
  stack: string;
  /** Until it is executed the stack is an empty name that this change set alone stands for. */
  isNew: boolean;
  changes: PlannedChange[];
}

const NOTHING = /didn't contain changes|no updates are to be performed/i;

/** Undefined when the stack is already what the template says. `parameters` left out keep their values. */
export async function prepareChangeSet(
  stacks: Stacks,
  before: StackState | undefined,
  parameters: Readonly<Record<string, string>>,
): Promise<Prepared | undefined> {
  const { sdk, client, name } = stacks;
  const isNew = before === undefined && !stacks.underReview;
  const kept = Object.keys(before?.parameters ?? {}).filter((key) => !(key in parameters));
  const changeSet = `sq-${Date.now().toString(36)}`;
  const { Id: id = changeSet, StackId: stack = name } = await stacks.ask('preparing the change set', () =>
    client.send(
      new sdk.CreateChangeSetCommand({
        StackName: name,
        ChangeSetName: changeSet,
        ClientToken: changeSet,
        ChangeSetType: before === undefined ? 'CREATE' : 'UPDATE',
        TemplateBody: templateText(),
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [{ Key: OWN_TAG, Value: 'sq' }],
        Parameters: [
          ...Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
          ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        ],
      }),
    ),
  );
  for (;;) {
    const {
      Status,
      StatusReason = '',
      Changes = [],
    } = await stacks.ask('reading the change set', () =>
      client.send(new sdk.DescribeChangeSetCommand({ StackName: name, ChangeSetName: id })),
    );
    if (Status === 'CREATE_COMPLETE') return { id, stack, isNew, changes: Changes.flatMap(planned) };
    if (Status === 'FAILED') {
      await discard(stacks, { id, stack, isNew });
      if (NOTHING.test(StatusReason)) return undefined;
      throw new SqError({
        kind: 'Runtime',
        code: 'change-set',
        message: `CloudFormation cannot change ${name}: ${StatusReason}`,
        hint: 'nothing was changed',
      });
    }
    await stacks.pause();
  }
}

/** Makes the prepared changes. The same call twice is one change. */
export async function executeChangeSet(stacks: Stacks, { id }: Prepared): Promise<void> {
  const token = id.replace(/[^A-Za-z0-9-]/g, '-').slice(-100);
  await stacks.ask('starting the change', () =>
    stacks.client.send(
      new stacks.sdk.ExecuteChangeSetCommand({
        StackName: stacks.name,
        ChangeSetName: id,
        ClientRequestToken: token,
      }),
    ),
  );
}

/** Leaves CloudFormation as it was: without the name of a stack that was never made, too. */
export async function discard(
  stacks: Stacks,
  { id, stack, isNew }: Pick<Prepared, 'id' | 'stack' | 'isNew'>,
): Promise<void> {
  const { sdk, client, name } = stacks;
  await stacks.ask('discarding the change set', () =>
    client.send(new sdk.DeleteChangeSetCommand({ StackName: name, ChangeSetName: id })),
  );
  if (!isNew) return;
  await stacks.ask('discarding the empty stack', () =>
    client.send(new sdk.DeleteStackCommand({ StackName: stack })),
  );
}

function planned(change: Change): PlannedChange[] {
  const { ResourceChange: one } = change;
  if (one === undefined) return [];
  return [
    {
      action: one.Action ?? 'Modify',
      id: one.LogicalResourceId ?? '',
      type: one.ResourceType ?? '',
      replaces: one.Replacement === 'True',
    },
  ];
}
