/** What the server said of a failed call. */
import type { ServiceError } from '@grpc/grpc-js';
import { Message } from './protobuf.ts';

export class ConnectError extends Error {
  /** Headers that the call was let in with, or not, where they change. */
  used: Readonly<Record<string, string>> | undefined;

  constructor(
    message: string,
    readonly grpcCode: number,
    readonly sqlState: string | undefined,
    readonly errorClass: string | undefined,
  ) {
    super(message);
  }
}

/** Spark puts SQLSTATE and error class into the trailer, as google.rpc.ErrorInfo. */
export function connectError(error: ServiceError): ConnectError {
  const trailer = error.metadata?.get('grpc-status-details-bin')?.[0];
  const facts = new Map<string, string>();
  if (trailer instanceof Buffer) {
    for (const detail of new Message(trailer).messages(3)) {
      if (!detail.text(1).endsWith('ErrorInfo')) continue;
      for (const entry of detail.message(2)?.messages(3) ?? []) facts.set(entry.text(1), entry.text(2));
    }
  }
  return new ConnectError(
    error.details || error.message,
    error.code,
    facts.get('sqlState'),
    facts.get('errorClass'),
  );
}
