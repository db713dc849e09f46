/**
 * One statement, carried out once over as many streams as it takes: a connection may be lost, a token may end, and the
 * server itself ends a stream that lasts long. The server keeps the statement and its answers for minutes under the
 * operation's id, and a request of an id that it has goes on with it (Spark's reattachable execution).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError } from './connect-error.ts';
import type { Message } from './protobuf.ts';

export interface OperationParts {
  /** The request that begins it, or goes on from its first answer where the server has it. */
  begin: Buffer;
  /** The request that goes on after the answer of this id; from the first one without. */
  resume(last: string | undefined): Buffer;
  /** One stream. Throws ConnectError. */
  stream(
    method: 'ExecutePlan' | 'ReattachExecute',
    request: Buffer,
    onAnswer: (answer: Message) => void,
  ): Promise<void>;
  onAnswer(answer: Message): void;
  /** After a stream that was not let in: whether there is something new to try it with. */
  renew(error: ConnectError): Promise<boolean>;
  /** The error itself, or one that knows more: then nothing is tried any more. */
  explain(error: ConnectError): Promise<unknown>;
  /** Nobody waits for it any more. */
  abandoned?(): boolean;
  /** It reads only: where nobody knows what became of it, it can be asked anew. */
  reads: boolean;
  /** Milliseconds without an answer after which a lost connection is not tried again. Default 30,000. */
  patience?: number;
}

const RESPONSE_ID = 13;
const RESULT_COMPLETE = 14;
const UNAVAILABLE = 14;
const UNKNOWN = 2;
/** Milliseconds between attempts: the first, and the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 3_000;
/** There was no connection: the server has not seen the request. */
const UNSENT = /No connection established|Name resolution failed/i;
const EXISTS = 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS';
/** What a server says that keeps no answers of the statement. */
const GONE = new Set([
  'INVALID_HANDLE.OPERATION_NOT_FOUND',
  'INVALID_HANDLE.OPERATION_ABANDONED',
  'INVALID_CURSOR.NOT_REATTACHABLE',
]);
/** What a server says that has begun anew since the session was opened: it takes nothing of it. */
const ANEW = /^INVALID_HANDLE\.SESSION_(CHANGED|CLOSED|NOT_FOUND)$/;

/** Throws what the statement fails with, or that the connection was lost for good. */
export async function carryOut(parts: OperationParts): Promise<void> {
  const { patience = 30_000 } = parts;
  /** Of the last answer that has one. */
  let last: string | undefined;
  let complete = false;
  /** The server may have it. */
  let sent = false;
  /** The server ended the last stream without a word of the end of the statement. */
  let ended = false;
  let known = false;
  let renewed = false;
  let quiet = performance.now();
  let pause = FIRST_PAUSE;
  const heard = (answer: Message) => {
    last = answer.text(RESPONSE_ID) || last;
    complete ||= answer.message(RESULT_COMPLETE) !== undefined;
    quiet = performance.now();
    pause = FIRST_PAUSE;
    renewed = false;
    parts.onAnswer(answer);
  };
  while (!complete) {
    try {
      if (last === undefined && !known) await parts.stream('ExecutePlan', parts.begin, heard);
      else await parts.stream('ReattachExecute', parts.resume(last), heard);
      sent = ended = true;
      if (performance.now() - quiet < pause) continue;
    } catch (error) {
      if (!(error instanceof ConnectError) || parts.abandoned?.()) throw error;
      const { errorClass = '', grpcCode } = error;
      // a server that keeps no answers had told them all
      if (ended && GONE.has(errorClass)) return;
      if (GONE.has(errorClass) || ANEW.test(errorClass)) throw sent ? lost(error, parts) : error;
      if (errorClass === EXISTS && !known) {
        known = true;
        continue;
      }
      if (!renewed && (await parts.renew(error))) {
        renewed = true;
        continue;
      }
      const why = await parts.explain(error);
      if (why !== error || grpcCode !== UNAVAILABLE) throw why;
      ended = false;
      sent ||= !UNSENT.test(error.message);
      if (performance.now() - quiet >= patience) throw sent ? lost(error, parts) : error;
    }
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

/** Not to be taken for what can be sent again. */
function lost(error: ConnectError, { reads }: OperationParts): ConnectError {
  if (reads) return error;
  return new ConnectError(
    `The connection was lost while the server had the statement, and nobody told what became of it: ${error.message}`,
    UNKNOWN,
    undefined,
    undefined,
  );
}
