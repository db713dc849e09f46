/**
 * BIGINT without loss: the Data API writes `"longValue": 9007199254740993` as a JSON number, and JSON.parse rounds
 * it. Numbers of more than 15 digits become texts before the SDK reads the answer.
 */
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';

/**
 * `"longValue"` with both quotes cannot stand inside a JSON text (there its quotes carry backslashes), so what is
 * found is a field.
 */
const LONG = /"longValue"(\s*):(\s*)(-?\d{16,})/g;

export function longDigitsAsText(body: string): string {
  return body.replace(LONG, '"stringValue"$1:$2"$3"');
}

interface HttpAnswer {
  body?: AsyncIterable<Uint8Array>;
}
type Handler = (args: unknown) => Promise<{ response: unknown }>;

/** Puts itself between the network and the SDK's reading of GetStatementResult's answers. */
export function keepLongDigits(client: RedshiftDataClient): void {
  const middleware = (next: Handler, context: { commandName?: string }) => async (args: unknown) => {
    const result = await next(args);
    if (context.commandName !== 'GetStatementResultCommand') return result;
    const answer = result.response as HttpAnswer;
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body ?? []) chunks.push(chunk);
    const { Readable } = await import('node:stream');
    const text = longDigitsAsText(Buffer.concat(chunks).toString('utf8'));
    (answer as { body: unknown }).body = Readable.from([Buffer.from(text)]);
    return result;
  };
  client.middlewareStack.addRelativeTo(middleware as never, {
    name: 'sqLongDigits',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
}
