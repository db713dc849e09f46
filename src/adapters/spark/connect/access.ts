/** What lets a call in, where that changes while a run goes on: tokens that end, sessions that end. */
import type { ConnectError } from './connect-error.ts';

export interface ConnectAccess {
  /** Headers of the next call. Throws SqError where there is no way in any more. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** After a call that was not let in: whether there is something new to try it with. */
  renew(error: ConnectError): Promise<boolean>;
  /** What a person should read of a failed call: the error itself, or an SqError that knows more. */
  explain(error: ConnectError): Promise<unknown>;
}
