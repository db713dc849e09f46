/** Errors of the AWS interfaces: a name, an HTTP status, a text. */

export class AwsError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function notFound(message: string, id: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 400, { ResourceId: id });
}
