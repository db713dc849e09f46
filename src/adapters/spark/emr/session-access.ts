/**
 * The token of a session, sent with every call as `x-aws-proxy-auth` (AWS's guide of Spark Connect on EMR Serverless).
 * It ends after an hour: a new one is asked for before, or when the old one is refused.
 */
import { SqError } from '../../../errors.ts';
import type { ConnectAccess } from '../connect/access.ts';
import type { ConnectError } from '../connect/connect-error.ts';
import type { ServerlessSession, SessionEndpoint } from './serverless-session.ts';

const HEADER = 'x-aws-proxy-auth';
/** Milliseconds before its end that a token is replaced; half of its life where that is less. */
const MARGIN = 300_000;
/** Milliseconds that the answer "it is there" holds. */
const BELIEVED = 5_000;
/** What stands before the server says it in gRPC's words or in HTTP's, which come as these. */
const REFUSED = new Set([16 /* UNAUTHENTICATED */, 7 /* PERMISSION_DENIED */]);
const LOST = new Set([14 /* UNAVAILABLE */, 4 /* DEADLINE_EXCEEDED */, ...REFUSED]);

export class SessionAccess implements ConnectAccess {
  private token: string;
  /** Milliseconds since 1970 from which on a new one is asked for. */
  private until = 0;
  /** Milliseconds since 1970: its end. */
  private ends = 0;
  private asking: Promise<void> | undefined;
  /** Why there is no session any more. */
  private gone: (() => SqError) | undefined;
  private seen = 0;

  constructor(
    private readonly session: Pick<ServerlessSession, 'endpoint' | 'whyOver' | 'name'>,
    first: SessionEndpoint,
    private readonly options: {
      now(): number;
      /** Every token is a secret of the run. */
      keepSecret(value: string): void;
    },
  ) {
    this.token = first.token;
    this.keep(first);
  }

  async headers(): Promise<Record<string, string>> {
    if (this.gone !== undefined) throw this.gone();
    const { now } = this.options;
    if (now() >= this.until) {
      await this.anew().catch((error) => {
        // AWS may be away for a moment: there was time left on purpose
        if (this.gone !== undefined || now() >= this.ends) throw error;
      });
    }
    return { [HEADER]: this.token };
  }

  /** Throws SqError where a new token cannot be had: without one nothing goes on. */
  async renew({ grpcCode, used }: ConnectError): Promise<boolean> {
    if (!REFUSED.has(grpcCode)) return false;
    // another call may have renewed it meanwhile
    if (used === undefined || used[HEADER] === this.token) await this.anew();
    return true;
  }

  async explain(error: ConnectError): Promise<unknown> {
    if (!LOST.has(error.grpcCode)) return error;
    const { now } = this.options;
    if (this.gone === undefined && now() >= this.seen + BELIEVED) {
      this.gone = await this.session.whyOver();
      this.seen = now();
    }
    if (this.gone !== undefined) return this.gone();
    if (!REFUSED.has(error.grpcCode)) return error;
    return new SqError({
      kind: 'Database',
      code: 'emr-refused',
      message: `${this.session.name} does not let calls in, with a new token neither: ${error.message}`,
      cause: error,
    });
  }

  private anew(): Promise<void> {
    this.asking ??= this.session
      .endpoint()
      .then((endpoint) => this.keep(endpoint))
      .catch(async (error) => {
        this.gone = await this.session.whyOver();
        throw this.gone?.() ?? error;
      })
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }

  private keep({ token, expires }: SessionEndpoint): void {
    this.options.keepSecret(token);
    this.token = token;
    const now = this.options.now();
    const left = (expires?.getTime() ?? 0) - now;
    // by a clock that goes wrong every token has ended: it is used until it is refused
    this.ends = left <= 0 ? Number.POSITIVE_INFINITY : now + left;
    this.until = this.ends - Math.min(MARGIN, left / 2);
  }
}
