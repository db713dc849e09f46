/** Sessions of EMR Serverless against its API on this machine: what the profile takes, what is asked, said and ended. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqError } from '../../../errors.ts';
import type { SqEvent } from '../../../events.ts';
import { createInvocation, type Invocation } from '../../../invocation.ts';
import {
  EMR_APPLICATION,
  EMR_KEY,
  EMR_REGION,
  EMR_ROLE,
  EmrServerless,
} from '../../../testing/emr-serverless.ts';
import { keeping } from '../../shared/kept.ts';
import { ConnectError } from '../connect/connect-error.ts';
import { adapter } from '../index.ts';
import type { SparkSettings } from '../settings.ts';
import { emrError } from './api-error.ts';
import { openEmr } from './open-emr.ts';
import type { SessionEndpoint } from './serverless-session.ts';
import { SessionAccess } from './session-access.ts';

const invocation = createInvocation({ cwd: '/', env: {} });
const OUTPUT = {
  type: 'spark',
  method: 'emr_serverless',
  application_id: EMR_APPLICATION,
  execution_role_arn: EMR_ROLE,
  region: EMR_REGION,
  schema: 'analytics',
};

function settings(more: Record<string, unknown> = {}, output: Record<string, unknown> = OUTPUT) {
  const context = {
    projectDir: '/',
    projectName: 'shop',
    profileName: 'shop',
    targetName: 'prod',
    invocation,
    locate: (keys: readonly string[]) => ({ path: ['profiles.yml', ...keys].join(' ') }),
  };
  return adapter.settings({ ...output, ...more }, context);
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SqError)
      return [error.message, `at ${error.at?.path}`, ...(error.hint === undefined ? [] : [error.hint])].join(
        '\n',
      );
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the profile', () => {
  it('needs an application and a role', () => {
    const { own, shown, secrets } = settings({
      access_key_id: 'AK',
      secret_access_key: 'secret',
      session_token: 'session',
    });
    expect(own).toMatchObject({
      emr: {
        applicationId: EMR_APPLICATION,
        executionRoleArn: EMR_ROLE,
        sessionName: 'sq shop prod',
        idleTimeout: 15,
        provisioningTimeout: 600,
        terminate: true,
        tags: {},
        conf: {},
      },
      connectTimeout: 120,
    });
    expect(shown).toEqual({
      method: 'emr_serverless',
      application_id: EMR_APPLICATION,
      region: EMR_REGION,
      iam_profile: null,
      execution_role_arn: EMR_ROLE,
      session_name: 'sq shop prod',
      idle_timeout: 15,
      terminate_session: true,
      user: 'sq',
      catalog: 'spark_catalog',
      file_format: 'parquet',
      location_root: null,
    });
    expect(secrets).toEqual(['secret', 'session']);
  });

  const wrong: [Record<string, unknown>, string][] = [
    [
      { application_id: undefined },
      "'application_id' is a required property of method 'emr_serverless'\nat profiles.yml\nthe id of an application of EMR Serverless with release emr-spark-8.0.0 or later and interactive sessions enabled: aws emr-serverless list-applications",
    ],
    [
      { application_id: 'My App' },
      "'application_id' is 'My App', it must be small letters and digits\nat profiles.yml application_id\nit is the id, not the name or the ARN: aws emr-serverless list-applications",
    ],
    [
      { execution_role_arn: undefined },
      "'execution_role_arn' is a required property of method 'emr_serverless'\nat profiles.yml\nthe role that the session works as: it must trust emr-serverless.amazonaws.com and may read and write your data",
    ],
    [
      { execution_role_arn: 'sq-spark' },
      "'execution_role_arn' is 'sq-spark', it must be the ARN of a role\nat profiles.yml execution_role_arn\ne.g. arn:aws:iam::123456789012:role/sq-spark",
    ],
    [
      { session_id: 'is-1' },
      "'session_id' is 'is-1', it must be small letters and digits\nat profiles.yml session_id\nit is the id, not the name or the ARN: aws emr-serverless list-sessions --application-id …",
    ],
    [
      { host: 'localhost' },
      "'host' has no meaning with method 'emr_serverless'\nat profiles.yml host\nthe session that sq starts tells its address and token: take the key out, or use method: connect",
    ],
    [{ idle_timeout: 0 }, "'idle_timeout' is 0, it must be at least 1\nat profiles.yml idle_timeout"],
    [
      { idle_timeout: 'soon' },
      '\'idle_timeout\' is "soon", it must be a number\nat profiles.yml idle_timeout',
    ],
    [
      { terminate_session: 'maybe' },
      '\'terminate_session\' is "maybe", it must be true or false\nat profiles.yml terminate_session',
    ],
    [{ tags: ['a'] }, '\'tags\' is ["a"], it must be a mapping\nat profiles.yml tags'],
    [
      { conf: { 'spark.executor': { memory: '4g' } } },
      "'conf' has 'spark.executor', which is a mapping: it must be a text\nat profiles.yml conf",
    ],
    [{ session_name: ' ' }, "'session_name' must have 1 to 256 characters\nat profiles.yml session_name"],
    [
      { access_key_id: 'AK' },
      "'access_key_id' and 'secret_access_key' are both needed if providing explicit credentials\nat profiles.yml",
    ],
    [
      { endpoints: { emr: 'https://x' } },
      '\'endpoints\' has {"emr":"https://x"}, it takes addresses by service\nat profiles.yml endpoints\ne.g. endpoints: {emr_serverless: "https://vpce-….emr-serverless.us-west-2.vpce.amazonaws.com"}',
    ],
    [
      { idle_timeot: 3 },
      "Additional properties are not allowed ('idle_timeot' was unexpected)\nat profiles.yml idle_timeot\ndid you mean 'idle_timeout'?",
    ],
    [{ method: 'connect' }, "'application_id' needs method: emr_serverless\nat profiles.yml application_id"],
    [
      { method: 'thrift' },
      "'method' is 'thrift'\nat profiles.yml method\nSpark is spoken to over Spark Connect (method: connect, or emr_serverless), Spark 4.0 and later; dbt-spark's thrift, http, odbc and session are not there",
    ],
  ];
  it.each(wrong)('refuses %j', (more, text) => {
    expect(refusal(() => settings(more))).toBe(
      `Credentials in profile "shop", target "prod" invalid: ${text}`,
    );
  });

  it('needs no role for a session that is there', () => {
    const { shown } = settings({ session_id: '00s1', execution_role_arn: undefined });
    expect(shown).toMatchObject({ session_id: '00s1', execution_role_arn: null });
    expect(shown).not.toHaveProperty('idle_timeout');
  });
});

describe('a session', () => {
  let emr: EmrServerless;
  let said: string[];
  let run: Invocation;
  let interrupt: AbortController;

  beforeEach(async () => {
    emr = await EmrServerless.start();
    emr.address = 'https://00s00001.s.emr-serverless-services.us-west-2.amazonaws.com';
    said = [];
    interrupt = new AbortController();
    run = createInvocation({
      cwd: '/',
      env: {},
      signal: interrupt.signal,
      emit: (event: SqEvent) => {
        if (event.name === 'SqNotice') said.push(event.msg);
      },
    });
  });
  afterEach(() => emr.stop());

  const own = (more: Record<string, unknown> = {}) =>
    (
      settings({
        access_key_id: EMR_KEY,
        secret_access_key: 'planted-secret',
        endpoints: { emr_serverless: emr.endpoint },
        ...more,
      }).own as SparkSettings
    ).emr!;
  const open = (more: Record<string, unknown> = {}) => openEmr(own(more), { invocation: run });
  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error('it did not fail'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SqError);
    return (error as SqError).body;
  };

  it('is started as the profile says, waited for, reached, and ended', async () => {
    const address = await open({
      idle_timeout: 5,
      session_name: 'nightly',
      tags: { team: 'data', cost: 7 },
      conf: { 'spark.executor.memory': '4g', 'spark.dynamicAllocation.enabled': false },
    });
    expect([address.host, address.port]).toEqual([
      '00s00001.s.emr-serverless-services.us-west-2.amazonaws.com',
      443,
    ]);
    const headers = await address.access.headers();
    expect(Object.keys(headers)).toEqual(['x-aws-proxy-auth']);
    expect(emr.knows(headers['x-aws-proxy-auth'])).toBe(true);
    expect(run.secrets).toContain(headers['x-aws-proxy-auth']);
    expect(emr.sessions[0]?.request).toEqual({
      clientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
      executionRoleArn: EMR_ROLE,
      idleTimeoutMinutes: 5,
      name: 'nightly',
      tags: { team: 'data', cost: '7' },
      configurationOverrides: {
        runtimeConfiguration: [
          {
            classification: 'spark-defaults',
            properties: { 'spark.executor.memory': '4g', 'spark.dynamicAllocation.enabled': 'false' },
          },
        ],
      },
    });
    expect(said.map((line) => line.replace(/after \d+ s/, 'after 1 s'))).toEqual([
      'EMR Serverless: session 00s00001, application 00fakeapp is starting ("nightly"); waiting up to 600 s (session_provisioning_timeout_in_seconds)',
      'EMR Serverless: session 00s00001, application 00fakeapp is ready after 1 s: emr-spark-8.0.0',
      'EMR Serverless: session 00s00001, application 00fakeapp is reached at 00s00001.s.emr-serverless-services.us-west-2.amazonaws.com:443',
    ]);
    await address.close();
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
    expect(emr.requests).toEqual([
      'StartSession',
      'GetSession',
      'GetSession',
      'GetSessionEndpoint',
      'TerminateSession',
    ]);
  });

  it('is one, however often the request is repeated: throttled, then its answer lost', async () => {
    emr.inject({
      operation: 'StartSession',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
      times: 2,
    });
    emr.inject({ operation: 'StartSession', after: true });
    emr.inject({ operation: 'GetSession', code: 'InternalServerException', status: 500 });
    const address = await open();
    expect(emr.sessions).toHaveLength(1);
    expect(emr.requests.filter((one) => one === 'StartSession')).toHaveLength(4);
    await address.close();
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
  });

  const faults: [string, Parameters<EmrServerless['inject']>[0], string][] = [
    [
      'access denied',
      {
        operation: 'StartSession',
        code: 'AccessDeniedException',
        status: 403,
        message:
          'User: arn:aws:iam::123456789012:user/sq is not authorized to perform: emr-serverless:StartSession on resource: arn:aws:emr-serverless:us-west-2:123456789012:/applications/00fakeapp',
      },
      'EMR Serverless, application 00fakeapp: AWS refuses it (starting a session): AccessDeniedException: User: arn:aws:iam::123456789012:user/sq is not authorized to perform: emr-serverless:StartSession on resource: arn:aws:emr-serverless:us-west-2:123456789012:/applications/00fakeapp\nhint: allow this identity emr-serverless:StartSession; docs/spark.md lists all permissions',
    ],
    [
      'an application that sleeps',
      {
        operation: 'StartSession',
        code: 'ConflictException',
        status: 409,
        message: 'Application is in STOPPED state',
      },
      'EMR Serverless, application 00fakeapp: the application is not ready for it (starting a session): ConflictException: Application is in STOPPED state\nhint: start it (aws emr-serverless start-application --application-id 00fakeapp), or let it start by itself (autoStartConfiguration)',
    ],
    [
      'too many sessions',
      {
        operation: 'StartSession',
        code: 'ServiceQuotaExceededException',
        status: 402,
        message: '25 sessions are active',
      },
      'EMR Serverless, application 00fakeapp: a limit of the account or the application is reached (starting a session): ServiceQuotaExceededException: 25 sessions are active\nhint: end sessions that nobody uses (aws emr-serverless list-sessions --application-id 00fakeapp), or have the quota raised',
    ],
    [
      'an application without sessions',
      {
        operation: 'StartSession',
        code: 'ValidationException',
        message: 'Interactive sessions are not enabled',
      },
      'EMR Serverless, application 00fakeapp: EMR Serverless does not take it (starting a session): ValidationException: Interactive sessions are not enabled\nhint: the application needs release emr-spark-8.0.0 or later and interactive sessions (interactiveConfiguration: sessionEnabled); execution_role_arn, tags and conf of the profile go to it as they are',
    ],
    [
      'credentials that ended',
      {
        operation: 'StartSession',
        code: 'ExpiredTokenException',
        status: 403,
        message: 'The security token included in the request is expired',
      },
      'EMR Serverless, application 00fakeapp: the AWS credentials have expired (starting a session): ExpiredTokenException: The security token included in the request is expired\nhint: sign in again (aws sso login); `sq retry` then does what is left',
    ],
  ];
  it.each(faults)('says what to do: %s', async (_, fault, text) => {
    emr.inject(fault);
    expect(await failure(open())).toBe(text);
    expect(emr.sessions).toEqual([]);
  });

  it('says what to do: an application that is not there, credentials that are none, an address where nobody is', async () => {
    expect(await failure(open({ application_id: '00other' }))).toBe(
      'EMR Serverless, application 00other: there is no such thing (starting a session): ResourceNotFoundException: Application 00other does not exist\nhint: look at application_id and region in the profile: aws emr-serverless list-applications',
    );
    expect(await failure(open({ access_key_id: 'AKIAOTHER' }))).toBe(
      'EMR Serverless, application 00fakeapp: AWS does not accept these credentials (starting a session): UnrecognizedClientException: The security token included in the request is invalid.\nhint: look at iam_profile, or access_key_id and secret_access_key, in the profile, or at AWS_PROFILE',
    );
    expect(await failure(open({ endpoints: { emr_serverless: 'http://127.0.0.1:1' } }))).toBe(
      'EMR Serverless, application 00fakeapp: AWS cannot be reached (starting a session): connect ECONNREFUSED 127.0.0.1:1\nhint: look at the network, and at region in the profile and at endpoints; if a session was begun all the same, it ends by itself after 15 idle minutes',
    );
  }, 60_000);

  it('says what to do: throttled to the end, no credentials, no region', () => {
    const text = (name: string, message: string) =>
      emrError(Object.assign(new Error(message), { name }), 'looking at the session', {
        own: own(),
        sessionId: '00s00001',
      }).body;
    expect(text('ThrottlingException', 'Rate exceeded')).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00001: AWS takes no more requests for now (looking at the session): ThrottlingException: Rate exceeded\nhint: the same command again, in a minute',
    );
    expect(text('CredentialsProviderError', 'Could not load credentials from any providers')).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00001: there are no AWS credentials (looking at the session): CredentialsProviderError: Could not load credentials from any providers\nhint: sign in to AWS (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or iam_profile in the profile',
    );
    expect(text('Error', 'Region is missing')).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00001: there is no AWS region (looking at the session): Region is missing\nhint: set region in the profile, or AWS_REGION',
    );
  });

  it('that does not start is ended, with its reason', async () => {
    emr.failsWith = 'Session failed: the execution role cannot be assumed.';
    expect(await failure(open())).toBe(
      'EMR Serverless: session 00s00001, application 00fakeapp is FAILED: Session failed: the execution role cannot be assumed.\nhint: its logs say more: aws emr-serverless get-resource-dashboard --application-id 00fakeapp --resource-id 00s00001 --resource-type SESSION',
    );
    // nothing more is said of one that cannot be ended because it is over
    expect(said).toHaveLength(1);
  });

  it('that takes too long is ended', async () => {
    emr.stuck = true;
    expect(await failure(open({ session_provisioning_timeout_in_seconds: 1 }))).toBe(
      'EMR Serverless: session 00s00001, application 00fakeapp was not ready within 1 s: it is SUBMITTED\nhint: raise session_provisioning_timeout_in_seconds in the profile; an application with initial capacity starts sessions sooner; its maximum capacity must have room for one',
    );
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
  });

  it('of a release before Spark 4 is not waited for', async () => {
    emr.release = 'emr-7.13.0';
    expect(await failure(open())).toBe(
      'The application 00fakeapp has release emr-7.13.0, which is Spark 3, and sq needs Spark 4.\nhint: stop it and update it: aws emr-serverless update-application --application-id 00fakeapp --release-label emr-spark-8.0.0',
    );
    expect(emr.requests).toEqual(['StartSession', 'GetSession', 'TerminateSession']);
  });

  it('that is not wanted any more while it starts is ended', async () => {
    emr.stuck = true;
    const opening = failure(open());
    while (!emr.requests.includes('GetSession')) await new Promise((resolve) => setTimeout(resolve, 10));
    interrupt.abort();
    expect(await opening).toBe(
      'Waiting for EMR Serverless: session 00s00001, application 00fakeapp was cancelled.',
    );
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
  });

  it('whose address is not told is ended', async () => {
    emr.inject({
      operation: 'GetSessionEndpoint',
      code: 'AccessDeniedException',
      status: 403,
      message: 'not authorized to perform: emr-serverless:GetSessionEndpoint',
    });
    expect(await failure(open())).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00001: AWS refuses it (asking for the address of the session): AccessDeniedException: not authorized to perform: emr-serverless:GetSessionEndpoint\nhint: allow this identity emr-serverless:GetSessionEndpoint; docs/spark.md lists all permissions',
    );
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
  });

  it('that cannot be ended is named, with the command that ends it', async () => {
    const address = await open();
    emr.inject({
      operation: 'TerminateSession',
      code: 'AccessDeniedException',
      status: 403,
      message: 'not authorized to perform: emr-serverless:TerminateSession',
    });
    await address.close();
    expect(said.at(-1)).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00001: AWS refuses it (ending the session): AccessDeniedException: not authorized to perform: emr-serverless:TerminateSession\nIt ends by itself after 15 idle minutes (idle_timeout), or at once: aws emr-serverless terminate-session --application-id 00fakeapp --session-id 00s00001',
    );
  });

  it('goes on where the profile says so, and is used again by its id', async () => {
    await (await open({ terminate_session: false })).close();
    expect(said.at(-1)).toBe(
      'EMR Serverless: session 00s00001, application 00fakeapp goes on (terminate_session: false): session_id: 00s00001 uses it; it ends after 15 idle minutes',
    );
    await (await open({ session_id: '00s00001' })).close();
    expect(emr.sessions).toMatchObject([{ state: 'STARTED' }]);
    expect(emr.requests.filter((one) => one === 'StartSession')).toHaveLength(1);
    expect(await failure(open({ session_id: '00s00009' }))).toBe(
      'EMR Serverless, application 00fakeapp, session 00s00009: there is no such thing (looking at the session): ResourceNotFoundException: Session 00s00009 does not exist\nhint: look at application_id, session_id and region in the profile: aws emr-serverless list-sessions --application-id …',
    );
  });

  it('is one for all drivers of a command that keeps it', async () => {
    await keeping(run.signal, async () => {
      const [one, other] = await Promise.all([open(), open()]);
      await one.close();
      await other.close();
      await (await open()).close();
      expect(emr.sessions).toMatchObject([{ state: 'STARTED' }]);
    });
    expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
  });

  it('that ended in the middle says so once and for all', async () => {
    const { access, close } = await open();
    const lost = new ConnectError('Connection dropped', 14, undefined, undefined);
    expect(await access.explain(lost)).toBe(lost);
    emr.kill('TERMINATED', 'Session was idle for 15 minutes.');
    const refused = new ConnectError('no', 16, undefined, undefined);
    const text =
      'EMR Serverless: session 00s00001, application 00fakeapp is TERMINATED: Session was idle for 15 minutes.\nhint: it did nothing for too long: raise idle_timeout (minutes, 15 now) in the profile; `sq retry` then does what is left';
    expect(await failure(access.renew(refused))).toBe(text);
    expect(((await access.explain(refused)) as SqError).body).toBe(text);
    expect(await failure(access.headers())).toBe(text);
    await close();
    expect(said.at(-1)).toMatch(/is reached at/);
  });
});

describe('the token of a session', () => {
  const MINUTE = 60_000;
  let now: number;
  let given: number;
  let kept: string[];
  let answer: (count: number) => Promise<SessionEndpoint>;

  beforeEach(() => {
    now = 1_700_000_000_000;
    given = 0;
    kept = [];
    answer = async (count) => ({
      host: 'h',
      port: 443,
      token: `t${count}`,
      expires: new Date(now + 60 * MINUTE),
    });
  });

  const access = async () => {
    const session = {
      endpoint: () => {
        given += 1;
        return answer(given);
      },
      whyOver: async () => undefined,
      name: 'session s1',
    };
    return new SessionAccess(session, await session.endpoint(), {
      now: () => now,
      keepSecret: (value) => kept.push(value),
    });
  };
  const token = async (from: SessionAccess) => (await from.headers())['x-aws-proxy-auth'];

  it('is kept until five minutes before its end, then asked for once by all who need it', async () => {
    const one = await access();
    now += 55 * MINUTE - 1;
    expect(await token(one)).toBe('t1');
    now += 1;
    expect(await Promise.all([token(one), token(one), token(one)])).toEqual(['t2', 't2', 't2']);
    expect(kept).toEqual(['t1', 't2']);
  });

  it('that lives shortly is kept for half of its life', async () => {
    const asIs = answer;
    answer = async (count) => ({ ...(await asIs(count)), expires: new Date(now + 10_000) });
    const one = await access();
    now += 4_999;
    expect(await token(one)).toBe('t1');
    now += 1;
    expect(await token(one)).toBe('t2');
  });

  it('is used until it is refused where clocks differ', async () => {
    const asIs = answer;
    answer = async (count) => ({ ...(await asIs(count)), expires: new Date(now - MINUTE) });
    const one = await access();
    expect(await token(one)).toBe('t1');
    expect(await one.renew(new ConnectError('expired', 16, undefined, undefined))).toBe(true);
    expect(await token(one)).toBe('t2');
    expect(await one.renew(new ConnectError('expired', 7, undefined, undefined))).toBe(true);
    expect(await one.renew(new ConnectError('a real error', 13, '42P01', 'X'))).toBe(false);
    // made before the token was replaced, and answered after
    const late = new ConnectError('expired', 16, undefined, undefined);
    late.used = { 'x-aws-proxy-auth': 't2' };
    expect(await one.renew(late)).toBe(true);
    expect(given).toBe(3);
  });

  it('that cannot be renewed in time is used to its end', async () => {
    const one = await access();
    const asIs = answer;
    answer = () => Promise.reject(new Error('AWS is away'));
    now += 59 * MINUTE;
    expect(await token(one)).toBe('t1');
    now += 2 * MINUTE;
    await expect(token(one)).rejects.toThrow('AWS is away');
    answer = asIs;
    expect(await token(one)).toBe('t4');
  });

  it('that is refused although it is new is told so', async () => {
    const one = await access();
    const refused = new ConnectError('The token is not valid', 16, undefined, undefined);
    expect(((await one.explain(refused)) as SqError).message).toBe(
      'session s1 does not let calls in, with a new token neither: The token is not valid',
    );
  });
});
