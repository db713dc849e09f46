/** One session of an application of EMR Serverless: a driver of Spark that is started, reached, and ended. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionState } from '@aws-sdk/client-emr-serverless';
import { SqError } from '../../../errors.ts';
import type { Invocation } from '../../../invocation.ts';
import type { EmrApi } from './api.ts';
import type { EmrSettings } from './settings.ts';

export interface SessionEndpoint {
  host: string;
  port: number;
  token: string;
  /** When the token ends, by the clock of AWS. */
  expires: Date | undefined;
}

export interface SessionFacts {
  state: SessionState | undefined;
  details: string;
  releaseLabel: string;
}

/** emr-7.13 was the first with sessions, of Spark 3.5; Spark 4 came with emr-spark-8.0.0. */
const OF_SPARK_3 = /^emr-[67]\./;
/** It answers calls. */
const READY: readonly (string | undefined)[] = ['STARTED', 'IDLE', 'BUSY'];
const OVER: readonly (string | undefined)[] = ['FAILED', 'TERMINATED', 'TERMINATING'];
/** Milliseconds between looks at a session that starts: the first, and the longest. */
const FIRST_LOOK = 250;
const LONGEST_LOOK = 5_000;
/** Milliseconds that the end of a run waits for AWS to take note of it. */
const END_LIMIT = 30_000;

export interface SessionParts {
  api: EmrApi;
  own: EmrSettings;
  invocation: Pick<Invocation, 'emit' | 'signal'>;
}

export class ServerlessSession {
  private constructor(
    private readonly parts: SessionParts,
    readonly id: string,
  ) {}

  /**
   * A session that is ready: a new one, or the one that the profile names. Throws SqError kind Database where it
   * does not become ready in time, or is not wanted any more; what was started is ended then.
   */
  static async ready(parts: SessionParts): Promise<ServerlessSession> {
    const { own } = parts;
    const started = performance.now();
    const session = new ServerlessSession(parts, own.sessionId ?? (await startSession(parts)));
    const limit = own.provisioningTimeout;
    session.say(
      own.sessionId === undefined
        ? `${session.name} is starting ("${own.sessionName}"); waiting up to ${limit} s (session_provisioning_timeout_in_seconds)`
        : `${session.name} of the profile (session_id) is used`,
    );
    try {
      const facts = await session.untilReady(started + limit * 1000);
      const seconds = Math.round((performance.now() - started) / 1000);
      session.say(`${session.name} is ready after ${seconds} s: ${facts.releaseLabel}`);
      return session;
    } catch (error) {
      await session.end();
      throw error;
    }
  }

  /** `EMR Serverless: session 00f…, application 00a…`. */
  get name(): string {
    return `EMR Serverless: session ${this.id}, application ${this.parts.own.applicationId}`;
  }

  /** Throws SqError where AWS does not say. */
  async facts(signal?: AbortSignal): Promise<SessionFacts> {
    const { api, own } = this.parts;
    const command = new api.sdk.GetSessionCommand({ applicationId: own.applicationId, sessionId: this.id });
    const { session } = await api.ask(
      'looking at the session',
      (client) => client.send(command, signal === undefined ? {} : { abortSignal: signal }),
      this.id,
    );
    return {
      state: session?.state,
      details: session?.stateDetails ?? '',
      releaseLabel: session?.releaseLabel ?? '',
    };
  }

  /** Where it is reached, and a new token for it (an hour long). Throws SqError. */
  async endpoint(): Promise<SessionEndpoint> {
    const { api, own } = this.parts;
    const command = new api.sdk.GetSessionEndpointCommand({
      applicationId: own.applicationId,
      sessionId: this.id,
    });
    const { endpoint, authToken, authTokenExpiresAt } = await api.ask(
      'asking for the address of the session',
      (client) => client.send(command),
      this.id,
    );
    // an address of EMR names no port: 443 is meant, not Spark's own (AWS's guide)
    const address = /^(?:https:\/\/)?([^/:]+)(?::(\d+))?\/?$/.exec(endpoint ?? '');
    if (address === null || authToken === undefined) {
      throw new SqError({
        kind: 'Database',
        code: 'emr-endpoint',
        message: `${this.name}: AWS tells no address that can be used: '${endpoint}'`,
      });
    }
    return {
      host: address[1]!,
      port: Number(address[2] ?? 443),
      token: authToken,
      expires: authTokenExpiresAt,
    };
  }

  /**
   * Makes the error that says why the session is gone, one for each who asks (an error tells whose it is); undefined
   * while it is there, or when nobody knows.
   */
  async whyOver(): Promise<(() => SqError) | undefined> {
    const facts = await this.facts(AbortSignal.timeout(END_LIMIT)).catch(() => undefined);
    return facts !== undefined && OVER.includes(facts.state) ? () => this.over(facts) : undefined;
  }

  /** Ends what sq started, and never throws: what goes wrong is said. */
  async end(): Promise<void> {
    const { api, own } = this.parts;
    if (own.sessionId !== undefined) return;
    if (!own.terminate) {
      this.say(
        `${this.name} goes on (terminate_session: false): session_id: ${this.id} uses it; it ends after ${own.idleTimeout} idle minutes`,
      );
      return;
    }
    const command = new api.sdk.TerminateSessionCommand({
      applicationId: own.applicationId,
      sessionId: this.id,
    });
    try {
      await api.ask(
        'ending the session',
        (client) => client.send(command, { abortSignal: AbortSignal.timeout(END_LIMIT) }),
        this.id,
      );
    } catch (error) {
      // one that has ended already cannot be ended
      if ((await this.whyOver()) !== undefined) return;
      this.say(
        `${(error as SqError).message}\nIt ends by itself after ${own.idleTimeout} idle minutes (idle_timeout), or at once: aws emr-serverless terminate-session --application-id ${own.applicationId} --session-id ${this.id}`,
      );
    }
  }

  private async untilReady(until: number): Promise<SessionFacts> {
    const { own, invocation } = this.parts;
    for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LONGEST_LOOK)) {
      if (invocation.signal.aborted) throw this.interrupted();
      const facts = await this.facts(invocation.signal).catch((error) => {
        throw invocation.signal.aborted ? this.interrupted() : error;
      });
      if (OF_SPARK_3.test(facts.releaseLabel)) throw this.tooOld(facts);
      if (READY.includes(facts.state)) return facts;
      if (OVER.includes(facts.state)) throw this.over(facts);
      if (performance.now() >= until) {
        throw new SqError({
          kind: 'Database',
          code: 'emr-slow',
          message: `${this.name} was not ready within ${own.provisioningTimeout} s: it is ${facts.state}${reasonOf(facts)}`,
          hint: 'raise session_provisioning_timeout_in_seconds in the profile; an application with initial capacity starts sessions sooner; its maximum capacity must have room for one',
        });
      }
      await sleep(pause, undefined, { signal: invocation.signal }).catch(() => undefined);
    }
  }

  private over(facts: SessionFacts): SqError {
    const { own } = this.parts;
    const idle = /idle/i.test(facts.details);
    const hint = idle
      ? `it did nothing for too long: raise idle_timeout (minutes, ${own.idleTimeout} now) in the profile; \`sq retry\` then does what is left`
      : facts.state === 'FAILED'
        ? `its logs say more: aws emr-serverless get-resource-dashboard --application-id ${own.applicationId} --resource-id ${this.id} --resource-type SESSION`
        : 'somebody or a limit (24 hours) ended it; `sq retry` does what is left in a new one';
    return new SqError({
      kind: 'Database',
      code: 'emr-session-over',
      message: `${this.name} is ${facts.state}${reasonOf(facts)}`,
      hint,
    });
  }

  private tooOld({ releaseLabel }: SessionFacts): SqError {
    const { applicationId } = this.parts.own;
    return new SqError({
      kind: 'Database',
      code: 'spark-version',
      message: `The application ${applicationId} has release ${releaseLabel}, which is Spark 3, and sq needs Spark 4.`,
      hint: `stop it and update it: aws emr-serverless update-application --application-id ${applicationId} --release-label emr-spark-8.0.0`,
    });
  }

  private interrupted(): SqError {
    return new SqError({
      kind: 'Runtime',
      code: 'cancelled',
      message: `Waiting for ${this.name} was cancelled.`,
    });
  }

  private say(msg: string): void {
    this.parts.invocation.emit({ name: 'SqNotice', topic: 'emr', msg });
  }
}

/** Not stopped by Ctrl-C: a session that was begun must be known to be ended. One token, so that a repeated request is one. */
async function startSession({ api, own }: SessionParts): Promise<string> {
  const command = new api.sdk.StartSessionCommand({
    applicationId: own.applicationId,
    executionRoleArn: own.executionRoleArn,
    clientToken: randomUUID(),
    name: own.sessionName,
    idleTimeoutMinutes: own.idleTimeout,
    ...(Object.keys(own.tags).length === 0 ? {} : { tags: own.tags }),
    ...(Object.keys(own.conf).length === 0
      ? {}
      : {
          configurationOverrides: {
            runtimeConfiguration: [{ classification: 'spark-defaults', properties: own.conf }],
          },
        }),
  });
  const { sessionId } = await api.ask('starting a session', (client) => client.send(command));
  return sessionId ?? '';
}

function reasonOf({ details }: SessionFacts): string {
  return details.trim() === '' ? '' : `: ${details.trim()}`;
}
