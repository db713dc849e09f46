/** What a server may do to the streams of a statement, played; what a real one does is in ../emr/emr-spark.test.ts. */
import { describe, expect, it } from 'vitest';
import { ConnectError } from './connect-error.ts';
import { carryOut, type OperationParts } from './operation.ts';
import { encode, Message } from './protobuf.ts';

const answer = (id: string) => new Message(encode([[13, id]]));
const progress = () => new Message(encode([[18, encode([])]]));
const end = () => new Message(encode([[14, encode([])]]));
const error = (text: string, code = 13) =>
  new ConnectError(text, code, undefined, /^\[(\S+)\]/.exec(text)?.[1]);
const LOST = error('Connection dropped', 14);
const UNSENT = error('No connection established. Last error: connect ECONNREFUSED', 14);

/** Each stream: answers, then its end or an error. Tells the requests. */
async function run(
  streams: (Message | ConnectError)[][],
  more: Partial<OperationParts> = {},
): Promise<{ requests: string[]; failed?: unknown }> {
  const requests: string[] = [];
  let left = [...streams];
  const parts: OperationParts = {
    begin: Buffer.from('begin'),
    resume: (last) => Buffer.from(`resume ${last}`),
    stream: async (method, request, onAnswer) => {
      requests.push(`${method} ${request}`);
      const [first, ...others] = left;
      left = others;
      for (const one of first ?? [LOST]) {
        if (one instanceof ConnectError) throw one;
        onAnswer(one);
      }
    },
    onAnswer: () => {},
    renew: async () => false,
    explain: async (thrown) => thrown,
    reads: false,
    patience: 250,
    ...more,
  };
  try {
    await carryOut(parts);
    return { requests };
  } catch (failed) {
    return { requests, failed };
  }
}

describe('a statement over several streams', () => {
  it('ends with the word of its end', async () => {
    expect(await run([[answer('a'), end()]])).toEqual({ requests: ['ExecutePlan begin'] });
  });

  it('goes on behind the last answer after a lost connection, and where the server ended the stream', async () => {
    expect(await run([[answer('a'), LOST], [answer('b'), progress()], [end()]])).toEqual({
      requests: ['ExecutePlan begin', 'ReattachExecute resume a', 'ReattachExecute resume b'],
    });
  });

  it('is begun again under its id where nothing was heard', async () => {
    expect(await run([[LOST], [progress(), LOST], [answer('a'), end()]])).toEqual({
      requests: ['ExecutePlan begin', 'ExecutePlan begin', 'ExecutePlan begin'],
    });
    const exists = error('[INVALID_HANDLE.OPERATION_ALREADY_EXISTS] The handle is invalid.');
    expect(await run([[LOST], [exists], [answer('a'), end()]])).toEqual({
      requests: ['ExecutePlan begin', 'ExecutePlan begin', 'ReattachExecute resume undefined'],
    });
  });

  it('is let in with new headers, each time that the server was heard in between', async () => {
    const refused = error('expired', 16);
    const renew = async (thrown: ConnectError) => thrown === refused;
    expect(await run([[refused], [answer('a'), refused], [end()]], { renew })).toEqual({
      requests: ['ExecutePlan begin', 'ExecutePlan begin', 'ReattachExecute resume a'],
    });
    expect(await run([[refused], [refused]], { renew })).toEqual({
      requests: ['ExecutePlan begin', 'ExecutePlan begin'],
      failed: refused,
    });
  });

  it('fails with its own error at once', async () => {
    const failed = error('[DIVIDE_BY_ZERO] Division by zero.');
    expect(await run([[answer('a'), failed]])).toEqual({ requests: ['ExecutePlan begin'], failed });
    const gone = new Error('the session has ended');
    expect(await run([[LOST]], { explain: async () => gone })).toEqual({
      requests: ['ExecutePlan begin'],
      failed: gone,
    });
  });

  it('is whole where a server that keeps no answers ended the stream', async () => {
    const gone = error('[INVALID_HANDLE.OPERATION_NOT_FOUND] Operation not found.');
    expect(await run([[answer('a')], [gone]])).toEqual({
      requests: ['ExecutePlan begin', 'ReattachExecute resume a'],
    });
  });

  it.each(['INVALID_HANDLE.OPERATION_ABANDONED', 'INVALID_HANDLE.SESSION_CHANGED'])(
    'is not sent again where nobody knows what became of it: %s',
    async (name) => {
      const gone = error(`[${name}] The handle is invalid.`);
      const { failed } = await run([[answer('a'), LOST], [gone]]);
      expect(failed).toMatchObject({
        message: `The connection was lost while the server had the statement, and nobody told what became of it: [${name}] The handle is invalid.`,
        grpcCode: 2,
      });
      // a question can be asked again
      expect((await run([[answer('a'), LOST], [gone]], { reads: true })).failed).toBe(gone);
      // nothing was lost: the server did not take it
      expect((await run([[gone]])).failed).toBe(gone);
    },
  );

  it('can be sent again where there was no connection all the time, and only then', async () => {
    expect((await run(Array.from({ length: 9 }, () => [UNSENT]))).failed).toBe(UNSENT);
    expect((await run([[UNSENT], ...Array.from({ length: 9 }, () => [LOST])])).failed).toMatchObject({
      message:
        'The connection was lost while the server had the statement, and nobody told what became of it: Connection dropped',
      grpcCode: 2,
    });
  });

  it('is not pursued when nobody waits for it', async () => {
    const cancelled = error('Cancelled on client', 1);
    expect(await run([[answer('a'), cancelled]])).toMatchObject({ failed: cancelled });
    expect(await run([[answer('a'), LOST]], { abandoned: () => true })).toEqual({
      requests: ['ExecutePlan begin'],
      failed: LOST,
    });
  });
});
