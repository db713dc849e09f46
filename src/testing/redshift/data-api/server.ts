/** One HTTP server for the AWS interfaces a client of Redshift uses. Signatures are asked for, not checked. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DoubleUser } from '../protocol/auth.ts';
import type { World } from '../world.ts';
import { Credentials } from './credentials.ts';
import { AwsError } from './errors.ts';
import { DataApiService } from './service.ts';

/** What goes wrong with a request when a test wishes it. */
export interface AwsFault {
  /** Default: any. */
  operation?: string;
  /** Name of the exception, `ThrottlingException`; undefined with `drop`. */
  type?: string;
  /** Default 400; 500 and above are the service's own fault. */
  status?: number;
  message?: string;
  /** The connection ends without an answer. */
  drop?: boolean;
  /** The request is done first; only its answer is lost. */
  after?: boolean;
  /** Milliseconds. */
  delay?: number;
  /** Default 1. */
  times?: number;
}

const CLUSTER = 'warehouse';
const WORKGROUP = 'analytics';
const AWS_SECRET = 'arn:aws:secretsmanager:us-west-2:123456789012:secret:redshift/awsuser-a1b2c3';

export class AwsServer {
  readonly clusterId = CLUSTER;
  readonly workgroup = WORKGROUP;
  readonly secretArn = AWS_SECRET;
  readonly requests: string[] = [];
  private faults: (AwsFault & { left: number })[] = [];

  private constructor(
    private readonly server: Server,
    private readonly service: DataApiService,
    private readonly credentials: Credentials,
  ) {}

  static async start(
    world: World,
    port: number,
    limits: { pageSize?: number; maxActiveStatements?: number; maxSessions?: number },
    addUser: (user: DoubleUser) => Promise<void>,
  ): Promise<AwsServer> {
    const administrator = [...world.users.values()][0] as DoubleUser;
    const pass = `sq-data-api-${randomBytes(8).toString('hex')}`;
    world.pass = pass;
    for (const name of ['IAM:sq', 'IAMR:sq'])
      await addUser({ name, password: randomBytes(9).toString('hex') });
    const server = createServer();
    const names = { clusterId: CLUSTER, workgroup: WORKGROUP, secretArn: AWS_SECRET };
    const service = new DataApiService(
      world,
      port,
      {
        ...names,
        administrator: administrator.name,
        pageSize: limits.pageSize ?? 1000,
        maxActiveStatements: limits.maxActiveStatements ?? 500,
        maxSessions: limits.maxSessions ?? 500,
      },
      pass,
    );
    const aws = new AwsServer(
      server,
      service,
      new Credentials(world, { ...names, administrator, port }, addUser),
    );
    server.on('request', (request, response) => void aws.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return aws;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  inject(fault: AwsFault): () => void {
    const armed = { ...fault, left: fault.times ?? 1 };
    this.faults.push(armed);
    return () => {
      this.faults = this.faults.filter((other) => other !== armed);
    };
  }

  async stop(): Promise<void> {
    await this.service.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const target = String(request.headers['x-amz-target'] ?? '');
    const form = target === '' ? new URLSearchParams(body) : undefined;
    const operation = form?.get('Action') ?? target.split('.')[1] ?? '';
    this.requests.push(operation);
    const fault = this.faults.find((one) => one.left > 0 && (one.operation ?? operation) === operation);
    if (fault !== undefined) fault.left--;
    try {
      if (fault?.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delay));
      if (fault !== undefined && !fault.after) raise(fault);
      if (!/^AWS4-HMAC-SHA256 /.test(request.headers.authorization ?? ''))
        throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
      const answer =
        form === undefined ? await this.json(target, operation, body) : await this.xml(operation, form);
      if (fault?.after) raise(fault);
      response.writeHead(200, { 'content-type': form === undefined ? JSON_TYPE : 'text/xml' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    } catch (error) {
      if (error === DROPPED) response.destroy();
      else
        refuse(
          response,
          error instanceof AwsError ? error : new AwsError('InternalServerException', String(error), 500),
          form !== undefined,
        );
    }
  }

  private async json(target: string, operation: string, body: string): Promise<unknown> {
    const request = JSON.parse(body === '' ? '{}' : body) as never;
    if (target.startsWith('secretsmanager.') && operation === 'GetSecretValue')
      return this.credentials.secret(request);
    if (target.startsWith('RedshiftServerless.') && operation === 'GetCredentials')
      return this.credentials.ofWorkgroup(request);
    const run = target.startsWith('RedshiftData.') ? this.service.operations[operation] : undefined;
    if (run === undefined)
      throw new AwsError('UnknownOperationException', `The double does not know ${target}`);
    return run(request);
  }

  /** Provisioned clusters' interface speaks forms and XML. */
  private async xml(operation: string, form: URLSearchParams): Promise<string> {
    if (operation !== 'GetClusterCredentials' && operation !== 'GetClusterCredentialsWithIAM')
      throw new AwsError('InvalidAction', `The double does not know ${operation}`);
    const { user, password, expires } = await this.credentials.ofCluster(form, operation.endsWith('WithIAM'));
    const xmlText = (text: string) => text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
    return `<${operation}Response xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><${operation}Result><DbUser>${xmlText(user)}</DbUser><DbPassword>${xmlText(password)}</DbPassword><Expiration>${expires.toISOString()}</Expiration></${operation}Result><ResponseMetadata><RequestId>sq</RequestId></ResponseMetadata></${operation}Response>`;
  }
}

const JSON_TYPE = 'application/x-amz-json-1.1';
const DROPPED = new Error('dropped');

function raise({ type, message = 'as the test wishes', status = 400, drop }: AwsFault): void {
  if (drop) throw DROPPED;
  if (type !== undefined) throw new AwsError(type, message, status);
}

function refuse(response: ServerResponse, { type, message, status, more }: AwsError, xml: boolean): void {
  response.writeHead(status, { 'content-type': xml ? 'text/xml' : JSON_TYPE, 'x-amzn-errortype': type });
  response.end(
    xml
      ? `<ErrorResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error><RequestId>sq</RequestId></ErrorResponse>`
      : JSON.stringify({ __type: type, message, Message: message, ...more }),
  );
}
