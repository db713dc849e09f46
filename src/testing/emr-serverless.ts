/**
 * EMR Serverless for tests: the session operations of its REST API on 127.0.0.1 and a free port. One application;
 * sessions go one state on at each look (SUBMITTED, STARTING, STARTED). Requests must be signed (Signature Version 4)
 * with the key, region and service they are for; the signature itself is not computed.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type EmrOperation = 'StartSession' | 'GetSession' | 'GetSessionEndpoint' | 'TerminateSession';

export interface EmrFault {
  /** Default: any. */
  operation?: EmrOperation;
  /** Code of the error; absent: the connection is dropped. */
  code?: string;
  message?: string;
  /** Default 400. */
  status?: number;
  /** The request is done first; only its answer is lost. */
  after?: boolean;
  /** Default 1. */
  times?: number;
}

export interface EmrSession {
  id: string;
  state: 'SUBMITTED' | 'STARTING' | 'STARTED' | 'TERMINATING' | 'TERMINATED' | 'FAILED';
  details: string;
  /** The body of StartSession. */
  request: Record<string, unknown>;
}

interface Answer {
  status: number;
  code?: string;
  body: Record<string, unknown>;
}

const ACCOUNT = '123456789012';
export const EMR_APPLICATION = '00fakeapp';
export const EMR_KEY = 'AKIATESTEMR';
export const EMR_REGION = 'us-west-2';
export const EMR_ROLE = `arn:aws:iam::${ACCOUNT}:role/sq-spark`;

export class EmrServerless {
  readonly requests: EmrOperation[] = [];
  readonly sessions: EmrSession[] = [];
  /** What GetSessionEndpoint tells. */
  address = 'https://localhost';
  /** Seconds that a token lives. */
  tokenSeconds = 3600;
  /** What AWS's clock is ahead of this machine's, in seconds. */
  clockAhead = 0;
  /** How a session that starts ends, in the place of STARTED. */
  failsWith: string | undefined;
  release = 'emr-spark-8.0.0';
  /** Sessions stay SUBMITTED. */
  stuck = false;
  private readonly tokens = new Map<string, { session: EmrSession; until: number }>();
  private readonly byClientToken = new Map<string, EmrSession>();
  private readonly faults: (EmrFault & { left: number })[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(): Promise<EmrServerless> {
    const fake = new EmrServerless();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  inject(fault: EmrFault): void {
    this.faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** A session that nobody of this test has started. */
  add(state: EmrSession['state'] = 'STARTED'): EmrSession {
    const id = `00s${String(this.sessions.length + 1).padStart(5, '0')}`;
    const session: EmrSession = { id, state, details: '', request: {} };
    this.sessions.push(session);
    return session;
  }

  /** What the service does to a session by itself. */
  kill(state: 'TERMINATED' | 'FAILED', details: string): void {
    for (const session of this.sessions) Object.assign(session, { state, details });
  }

  /** The tokens given so far are refused from now on. */
  endTokens(): void {
    for (const token of this.tokens.values()) token.until = 0;
  }

  /** Whether a call with this token is let in. */
  knows(token: unknown): boolean {
    const found = this.tokens.get(String(token));
    return found !== undefined && found.until > Date.now() && found.session.state === 'STARTED';
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, application = '', id, endpoint] =
      /^\/applications\/([^/]+)\/sessions(?:\/([^/]+))?(\/endpoint)?$/.exec(request.url ?? '') ?? [];
    const operation = operationOf(request.method, id, endpoint);
    if (operation === undefined) return send(response, refused(404, 'UnknownOperationException', ''));
    this.requests.push(operation);
    const fault = this.faults.find((one) => one.left > 0 && (one.operation ?? operation) === operation);
    if (fault !== undefined) fault.left -= 1;
    const body = Buffer.concat(chunks).toString('utf8');
    const answer = (): Answer =>
      badSignature(request) ??
      (application === EMR_APPLICATION
        ? this.answer(operation, id, body === '' ? {} : JSON.parse(body))
        : refused(404, 'ResourceNotFoundException', `Application ${application} does not exist`));
    if (fault === undefined) return send(response, answer());
    if (fault.after) answer();
    if (fault.code === undefined) {
      response.destroy();
      return;
    }
    return send(response, refused(fault.status ?? 400, fault.code, fault.message ?? 'as the test wishes'));
  }

  private answer(operation: EmrOperation, id: string | undefined, body: Record<string, unknown>): Answer {
    if (operation === 'StartSession') return this.startSession(body);
    const session = this.sessions.find((one) => one.id === id);
    if (session === undefined)
      return refused(404, 'ResourceNotFoundException', `Session ${id} does not exist`);
    const names = { applicationId: EMR_APPLICATION, sessionId: session.id };
    if (operation === 'GetSession') {
      this.goOn(session);
      return {
        status: 200,
        body: {
          session: {
            ...names,
            arn: arnOf(session),
            name: session.request.name,
            state: session.state,
            stateDetails: session.details,
            releaseLabel: this.release,
            executionRoleArn: session.request.executionRoleArn ?? EMR_ROLE,
            createdBy: `arn:aws:iam::${ACCOUNT}:user/sq`,
            createdAt: 1764000000,
            updatedAt: 1764000000.5,
          },
        },
      };
    }
    if (operation === 'GetSessionEndpoint') {
      if (session.state !== 'STARTED')
        return refused(409, 'ConflictException', `Session is in ${session.state} state`);
      const authToken = `token-${randomBytes(16).toString('hex')}`;
      const until = Date.now() + this.tokenSeconds * 1000;
      this.tokens.set(authToken, { session, until });
      const authTokenExpiresAt = until / 1000 + this.clockAhead;
      return { status: 200, body: { ...names, endpoint: this.address, authToken, authTokenExpiresAt } };
    }
    if (session.state === 'TERMINATED' || session.state === 'FAILED')
      return refused(409, 'ConflictException', `Session is in ${session.state} state`);
    Object.assign(session, { state: 'TERMINATED', details: 'Terminated by user' });
    return { status: 200, body: names };
  }

  private startSession(body: Record<string, unknown>): Answer {
    const token = String(body.clientToken);
    const before = this.byClientToken.get(token);
    const missing = ['clientToken', 'executionRoleArn'].find((name) => typeof body[name] !== 'string');
    if (missing !== undefined) return refused(400, 'ValidationException', `${missing} must not be null`);
    const session = before ?? this.add('SUBMITTED');
    session.request = body;
    this.byClientToken.set(token, session);
    return {
      status: 200,
      body: { applicationId: EMR_APPLICATION, sessionId: session.id, arn: arnOf(session) },
    };
  }

  private goOn(session: EmrSession): void {
    if (this.stuck) return;
    if (session.state === 'SUBMITTED') session.state = 'STARTING';
    else if (session.state === 'STARTING' && this.failsWith !== undefined)
      Object.assign(session, { state: 'FAILED', details: this.failsWith });
    else if (session.state === 'STARTING') session.state = 'STARTED';
  }
}

function operationOf(
  method: string | undefined,
  id: string | undefined,
  endpoint: string | undefined,
): EmrOperation | undefined {
  if (method === 'POST' && id === undefined) return 'StartSession';
  if (id === undefined) return undefined;
  if (method === 'DELETE') return 'TerminateSession';
  if (method !== 'GET') return undefined;
  return endpoint === undefined ? 'GetSession' : 'GetSessionEndpoint';
}

function badSignature({ headers }: IncomingMessage): Answer | undefined {
  const date = /^(\d{8})T\d{6}Z$/.exec(String(headers['x-amz-date']))?.[1];
  const [, key, scope, signed = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=[0-9a-f]{64}$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  if (key === undefined || date === undefined || !signed.split(';').includes('host'))
    return refused(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  if (key !== EMR_KEY)
    return refused(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (scope !== `${date}/${EMR_REGION}/emr-serverless/aws4_request`)
    return refused(
      403,
      'InvalidSignatureException',
      `Credential should be scoped to a valid region: ${scope}`,
    );
  return undefined;
}

function refused(status: number, code: string, message: string): Answer {
  return { status, code, body: { message } };
}

function send(response: ServerResponse, { status, code, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(code === undefined ? {} : { 'x-amzn-errortype': code }),
  });
  response.end(JSON.stringify(body));
}

function arnOf({ id }: EmrSession): string {
  return `arn:aws:emr-serverless:${EMR_REGION}:${ACCOUNT}:/applications/${EMR_APPLICATION}/sessions/${id}`;
}
