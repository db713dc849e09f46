/** A change under way: its events as they come, until the stack itself has ended. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { SqError } from '../errors.ts';
import type { Stacks } from './cloudformation.ts';
import type { InfraOptions, StackState } from './contract.ts';

export const isBusy = (status: string): boolean => /_IN_PROGRESS$/.test(status);

export interface Following {
  /** Unique id of the stack: its name is free again once it is deleted. */
  id: string;
  /** Events of earlier changes, by id. */
  known: ReadonlySet<string>;
  say: InfraOptions['say'];
}

/** Answers the state in which the change ended; undefined when the stack is gone. Throws SqError when it failed. */
export async function follow(stacks: Stacks, { id, known, say }: Following): Promise<StackState | undefined> {
  const seen = new Set(known);
  let cause: string | undefined;
  for (;;) {
    let ended: string | undefined;
    for (const event of await stackEvents(stacks, id)) {
      const { EventId = '', ResourceStatus: status = '', ResourceStatusReason: reason = '' } = event;
      if (seen.has(EventId)) continue;
      seen.add(EventId);
      say(lineOf(event));
      // the later ones are cancelled because of the first
      if (/FAILED$/.test(status) && !/cancelled/i.test(reason))
        cause ??= `${event.LogicalResourceId}: ${reason || status}`;
      if (isStack(event) && !isBusy(status)) ended = status;
    }
    if (ended !== undefined) {
      if (/FAILED$|ROLLBACK/.test(ended)) throw failed(stacks.name, ended, cause);
      return ended === 'DELETE_COMPLETE' ? undefined : await stacks.state(id);
    }
    await stacks.pause();
  }
}

/** Ids of what has happened so far; with `lastChange`, only of what happened before the change that goes on now. */
export async function eventsSoFar(stacks: Stacks, id: string, lastChange = false): Promise<Set<string>> {
  const events = await stackEvents(stacks, id);
  const isBegin = (event: StackEvent) => isStack(event) && event.ResourceStatusReason === 'User Initiated';
  const end = lastChange ? events.findLastIndex(isBegin) : events.length;
  return new Set(events.slice(0, Math.max(end, 0)).map(({ EventId = '' }) => EventId));
}

const isStack = (event: StackEvent) => event.PhysicalResourceId === event.StackId;

/** Oldest first. */
async function stackEvents(stacks: Stacks, id: string): Promise<StackEvent[]> {
  const { sdk, client } = stacks;
  const found: StackEvent[] = [];
  let next: string | undefined;
  do {
    const NextToken = next;
    const page = await stacks.ask('reading the events', () =>
      client.send(new sdk.DescribeStackEventsCommand({ StackName: id, NextToken })),
    );
    found.push(...(page.StackEvents ?? []));
    next = page.NextToken;
  } while (next !== undefined);
  return found.reverse();
}

function lineOf({
  ResourceStatus,
  ResourceType = '',
  LogicalResourceId = '',
  ResourceStatusReason = '',
}: StackEvent): string {
  const reason =
    /FAILED|ROLLBACK/.test(String(ResourceStatus)) && ResourceStatusReason !== ''
      ? `: ${ResourceStatusReason}`
      : '';
  return `  ${String(ResourceStatus).padEnd(24)} ${LogicalResourceId} (${ResourceType})${reason}`;
}

function failed(name: string, status: string, cause: string | undefined): SqError {
  const undone = /ROLLBACK_COMPLETE$/.test(status)
    ? 'Everything this change had made was taken back.'
    : `The stack is left as ${status}.`;
  return new SqError({
    kind: 'Runtime',
    code: 'stack-failed',
    message: `${name} could not be changed: ${cause ?? status}\n${undone}`,
    hint: 'remove the cause, then the same command again',
  });
}
