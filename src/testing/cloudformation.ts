/**
 * CloudFormation for tests: the query protocol on 127.0.0.1 and a free port, one stack name at a time, resources that
 * are made one after another, each look at the events bringing the next. Signatures are asked for, not checked.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';

export interface CloudFormationFault {
  /** `ExecuteChangeSet`; default: any. */
  operation?: string;
  /** Code of the error; absent: the connection is dropped. */
  code?: string;
  message?: string;
  status?: number;
  /** The request is done first; only its answer is lost. */
  after?: boolean;
  /** Default 1. */
  times?: number;
}

interface Event {
  id: number;
  resource: string;
  type: string;
  status: string;
  reason: string;
}

interface Stack {
  id: string;
  name: string;
  status: string;
  resources: Map<string, string>;
  parameters: Record<string, string>;
  own: boolean;
  events: Event[];
  /** Tokens of the requests to delete it: the same one again is the same request. */
  deletions: Set<string>;
  /** What happens next, one piece a look. */
  script: (() => void)[];
}

interface ChangeSet {
  stack: Stack;
  resources: Map<string, string>;
  parameters: Record<string, string>;
  own: boolean;
  changes: { action: string; id: string; type: string }[];
  executed: Set<string>;
}

const ACCOUNT = '123456789012';

export class CloudFormation {
  readonly requests: string[] = [];
  /** Name of the resource that cannot be made or deleted, and CloudFormation's reason. */
  broken: { resource: string; reason: string } | undefined;
  private readonly stacks: Stack[] = [];
  private readonly changeSets = new Map<string, ChangeSet>();
  private readonly faults: (CloudFormationFault & { left: number })[] = [];
  private counter = 0;
  private readonly server: Server;

  private constructor(readonly bucket: string) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(bucket = 'sparkify-data'): Promise<CloudFormation> {
    const fake = new CloudFormation(bucket);
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  inject(fault: CloudFormationFault): void {
    this.faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** A stack that somebody else has made. */
  addForeign(name: string): void {
    const stack = this.make(name);
    stack.status = 'CREATE_COMPLETE';
    stack.own = false;
  }

  statusOf(name: string): string | undefined {
    return this.named(name)?.status;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private named(name: string): Stack | undefined {
    return this.stacks.findLast(
      (stack) => stack.id === name || (stack.name === name && stack.status !== 'DELETE_COMPLETE'),
    );
  }

  private make(name: string): Stack {
    this.counter += 1;
    const id = `arn:aws:cloudformation:us-west-2:${ACCOUNT}:stack/${name}/${String(this.counter).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const stack: Stack = {
      id,
      name,
      status: 'REVIEW_IN_PROGRESS',
      resources: new Map(),
      parameters: {},
      own: true,
      events: [],
      deletions: new Set(),
      script: [],
    };
    this.stacks.push(stack);
    return stack;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const operation = form.get('Action') ?? '';
    this.requests.push(operation);
    const fault = this.faults.find((one) => one.left > 0 && (one.operation ?? operation) === operation);
    if (fault !== undefined) fault.left -= 1;
    if (fault !== undefined && !fault.after) return refuse(response, fault);
    const result = this.answer(operation, form);
    if (fault?.after) return refuse(response, fault);
    if (!('xml' in result)) return refuse(response, result);
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<${operation}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${operation}Result>${result.xml}</${operation}Result></${operation}Response>`,
    );
  }

  private answer(operation: string, form: URLSearchParams): { xml: string } | CloudFormationFault {
    const name = form.get('StackName') ?? '';
    switch (operation) {
      case 'DescribeStacks':
        return this.describe(name);
      case 'CreateChangeSet':
        return this.createChangeSet(form, name);
      case 'DescribeChangeSet':
        return this.describeChangeSet(form.get('ChangeSetName') ?? '');
      case 'DeleteChangeSet':
        this.changeSets.delete(form.get('ChangeSetName') ?? '');
        return { xml: '' };
      case 'ExecuteChangeSet':
        return this.execute(form);
      case 'DescribeStackEvents':
        return this.events(name);
      case 'DeleteStack':
        return this.delete(name, form.get('ClientRequestToken') ?? '');
      default:
        return { code: 'InvalidAction', message: `the double does not know ${operation}` };
    }
  }

  private describe(name: string): { xml: string } | CloudFormationFault {
    const stack = this.named(name);
    if (stack === undefined)
      return { code: 'ValidationError', message: `Stack with id ${name} does not exist` };
    const outputs = stack.status.endsWith('COMPLETE') ? this.outputs(stack) : {};
    const list = (tag: string, entries: [string, string][], key: string, value: string) =>
      `<${tag}>${entries.map(([k, v]) => `<member><${key}>${k}</${key}><${value}>${v}</${value}></member>`).join('')}</${tag}>`;
    return {
      xml: `<Stacks><member><StackName>${stack.name}</StackName><StackId>${stack.id}</StackId><StackStatus>${stack.status}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>${list('Outputs', Object.entries(outputs), 'OutputKey', 'OutputValue')}${list('Parameters', Object.entries(stack.parameters), 'ParameterKey', 'ParameterValue')}${list('Tags', stack.own ? [['made-by', 'sq']] : [], 'Key', 'Value')}</member></Stacks>`,
    };
  }

  private outputs({ parameters }: Stack): Record<string, string> {
    const { Name = '' } = parameters;
    return {
      Workgroup: Name,
      Database: 'sq',
      DataBucket: this.bucket,
      LakeDatabase: `${Name.replaceAll('-', '_')}_lake`,
      LoadRoleArn: `arn:aws:iam::${ACCOUNT}:role/sq-${Name}-LoadRole`,
    };
  }

  private createChangeSet(form: URLSearchParams, name: string): { xml: string } | CloudFormationFault {
    const token = form.get('ClientToken') ?? '';
    const arn = `arn:aws:cloudformation:us-west-2:${ACCOUNT}:changeSet/${form.get('ChangeSetName')}/${token}`;
    const made = this.changeSets.get(arn);
    if (made !== undefined) return { xml: `<Id>${arn}</Id><StackId>${made.stack.id}</StackId>` };
    const { Resources } = parse(form.get('TemplateBody') ?? '', { logLevel: 'silent' }) as {
      Resources: Record<string, { Type: string }>;
    };
    const resources = new Map(Object.entries(Resources).map(([id, { Type }]) => [id, Type]));
    const stack = this.named(name) ?? this.make(name);
    const parameters: Record<string, string> = {};
    for (let i = 1; form.has(`Parameters.member.${i}.ParameterKey`); i++) {
      const key = form.get(`Parameters.member.${i}.ParameterKey`) as string;
      parameters[key] =
        form.get(`Parameters.member.${i}.ParameterValue`) ?? (stack.parameters[key] as string);
    }
    const changes = [...resources]
      .filter(([id]) => !stack.resources.has(id))
      .map(([id, type]) => ({ action: 'Add', id, type }));
    for (const [id, type] of stack.resources)
      if (!resources.has(id)) changes.push({ action: 'Remove', id, type });
    const isChanged = Object.entries(parameters).some(([key, value]) => stack.parameters[key] !== value);
    if (isChanged && stack.resources.size > 0)
      changes.push({ action: 'Modify', id: 'Workgroup', type: resources.get('Workgroup') ?? '' });
    const own = form.get('Tags.member.1.Key') === 'made-by';
    this.changeSets.set(arn, { stack, resources, parameters, own, changes, executed: new Set() });
    return { xml: `<Id>${arn}</Id><StackId>${stack.id}</StackId>` };
  }

  private describeChangeSet(id: string): { xml: string } | CloudFormationFault {
    const found = this.changeSets.get(id);
    if (found === undefined)
      return { code: 'ChangeSetNotFound', message: `ChangeSet [${id}] does not exist` };
    if (found.changes.length === 0) {
      return {
        xml: "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes. Submit different information to create a change set.</StatusReason>",
      };
    }
    const changes = found.changes.map(
      ({ action, id: resource, type }) =>
        `<member><Type>Resource</Type><ResourceChange><Action>${action}</Action><LogicalResourceId>${resource}</LogicalResourceId><ResourceType>${type}</ResourceType><Replacement>False</Replacement></ResourceChange></member>`,
    );
    return { xml: `<Status>CREATE_COMPLETE</Status><Changes>${changes.join('')}</Changes>` };
  }

  private execute(form: URLSearchParams): { xml: string } | CloudFormationFault {
    const found = this.changeSets.get(form.get('ChangeSetName') ?? '');
    if (found === undefined) return { code: 'ChangeSetNotFound', message: 'ChangeSet does not exist' };
    const token = form.get('ClientRequestToken') ?? '';
    if (found.executed.has(token)) return { xml: '' };
    if (found.executed.size > 0)
      return { code: 'InvalidChangeSetStatus', message: 'the change set was executed already' };
    found.executed.add(token);
    const { stack, changes, resources, parameters, own } = found;
    const verb = stack.resources.size === 0 ? 'CREATE' : 'UPDATE';
    const note = (resource: string, type: string, status: string, reason = '') =>
      stack.script.push(() => this.event(stack, { resource, type, status, reason }));
    const whole = (status: string, reason = '') =>
      stack.script.push(() => {
        stack.status = status;
        this.event(stack, { resource: stack.name, type: 'AWS::CloudFormation::Stack', status, reason });
      });
    stack.own = own;
    const before = stack.parameters;
    stack.parameters = parameters;
    whole(`${verb}_IN_PROGRESS`, 'User Initiated');
    (stack.script.shift() as () => void)();
    for (const { id, type } of changes) {
      note(id, type, `${verb}_IN_PROGRESS`);
      if (this.broken?.resource === id) {
        note(id, type, `${verb}_FAILED`, this.broken.reason);
        note('Vpc', 'AWS::EC2::VPC', `${verb}_FAILED`, 'Resource creation cancelled');
        whole(
          `${verb === 'CREATE' ? '' : 'UPDATE_'}ROLLBACK_IN_PROGRESS`,
          'The following resource(s) failed',
        );
        whole(`${verb === 'CREATE' ? '' : 'UPDATE_'}ROLLBACK_COMPLETE`);
        stack.script.push(() => {
          stack.parameters = before;
        });
        return { xml: '' };
      }
      note(id, type, `${verb}_COMPLETE`);
    }
    whole(`${verb}_COMPLETE`);
    stack.script.push(() => {
      stack.resources = resources;
    });
    return { xml: '' };
  }

  private events(name: string): { xml: string } | CloudFormationFault {
    const stack = this.named(name);
    if (stack === undefined) return { code: 'ValidationError', message: `Stack [${name}] does not exist` };
    for (let i = 0; i < 6; i++) stack.script.shift()?.();
    const members = [...stack.events]
      .reverse()
      .map(
        ({ id, resource, type, status, reason }) =>
          `<member><EventId>${id}</EventId><StackId>${stack.id}</StackId><StackName>${stack.name}</StackName><LogicalResourceId>${resource}</LogicalResourceId><PhysicalResourceId>${resource === stack.name ? stack.id : resource}</PhysicalResourceId><ResourceType>${type}</ResourceType><Timestamp>2026-01-01T00:00:00Z</Timestamp><ResourceStatus>${status}</ResourceStatus>${reason === '' ? '' : `<ResourceStatusReason>${reason}</ResourceStatusReason>`}</member>`,
      );
    return { xml: `<StackEvents>${members.join('')}</StackEvents>` };
  }

  private event(stack: Stack, event: Omit<Event, 'id'>): void {
    this.counter += 1;
    stack.events.push({ id: this.counter, ...event });
  }

  private delete(name: string, token: string): { xml: string } {
    const stack = this.named(name);
    if (stack === undefined || stack.deletions.has(token)) return { xml: '' };
    // without a token every request is one of its own
    if (token !== '') stack.deletions.add(token);
    if (stack.status === 'REVIEW_IN_PROGRESS') {
      stack.status = 'DELETE_COMPLETE';
      return { xml: '' };
    }
    const whole = (status: string, reason = '') =>
      stack.script.push(() => {
        stack.status = status;
        this.event(stack, { resource: stack.name, type: 'AWS::CloudFormation::Stack', status, reason });
      });
    whole('DELETE_IN_PROGRESS', 'User Initiated');
    const { broken } = this;
    if (broken === undefined) whole('DELETE_COMPLETE');
    else {
      const { resource, reason } = broken;
      const type = stack.resources.get(resource) ?? '';
      stack.script.push(() => this.event(stack, { resource, type, status: 'DELETE_FAILED', reason }));
      whole('DELETE_FAILED', `The following resource(s) failed to delete: [${resource}].`);
    }
    return { xml: '' };
  }
}

function refuse(
  response: ServerResponse,
  { code, message = 'as the test wishes', status = 400 }: CloudFormationFault,
): void {
  if (code === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>sq</RequestId></ErrorResponse>`,
  );
}
