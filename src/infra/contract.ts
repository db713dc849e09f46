/**
 * What sq needs on AWS, as one CloudFormation stack (stack-template.yaml): made or changed by `up`, looked at by
 * `status`, taken down by `down`. Every step can be repeated: a call that was cut off is continued by calling it
 * again, because CloudFormation and not this process holds the state. Nothing is changed before it was shown.
 */
import type { Invocation } from '../invocation.ts';

export interface InfraOptions {
  invocation: Invocation;
  /** Of the workgroup, the namespace and, with `sq-` before it, the stack. */
  name: string;
  /** Absent: the environment's or the AWS profile's. */
  region: string | undefined;
  /** A line for the person: what happens. */
  say(line: string): void;
  /** Asked before anything is changed; false ends the command. */
  confirm(question: string): Promise<boolean>;
  /** Milliseconds between two looks at a change under way. Default 3,000. */
  poll?: number;
}

export interface UpOptions extends InfraOptions {
  /** Redshift processing units; absent: as they are, or the template's own. */
  baseCapacity: number | undefined;
  maxCapacity: number | undefined;
}

export interface DownOptions extends InfraOptions {
  /** Empties and deletes the bucket too. */
  deleteData: boolean;
  /** Keeps a snapshot of the warehouse's tables. */
  finalSnapshot: boolean;
}

/** One line of a change set. */
export interface PlannedChange {
  action: 'Add' | 'Modify' | 'Remove' | 'Import' | 'Dynamic' | 'SyncWithActual';
  /** Name in the template. */
  id: string;
  type: string;
  /** A new one is made and the old one deleted. */
  replaces: boolean;
}

/** Outputs of the stack by name: Workgroup, Database, DataBucket, LakeDatabase, LoadRoleArn, Endpoint. */
export type Outputs = Readonly<Record<string, string>>;

/** What is known of a stack. */
export interface StackState {
  id: string;
  /** CloudFormation's word, `UPDATE_COMPLETE`. */
  status: string;
  reason: string | undefined;
  outputs: Outputs;
  parameters: Readonly<Record<string, string>>;
  /** Its tag says that `sq infra up` made it. */
  own: boolean;
}

export const stackName = (name: string): string => `sq-${name}`;
