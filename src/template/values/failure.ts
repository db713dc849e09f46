/** What a template's author did wrong, in Python's words; the runtime adds the place and makes it an SqError. */
export type FailureType =
  | 'AttributeError'
  | 'FilterArgumentError'
  | 'IndexError'
  | 'KeyError'
  | 'OverflowError'
  | 'RecursionError'
  | 'SecurityError'
  | 'TemplateAssertionError'
  | 'TemplateRuntimeError'
  | 'TemplateSyntaxError'
  | 'TypeError'
  | 'UndefinedError'
  | 'ValueError'
  | 'ZeroDivisionError';

/** An error without a place: operators, filters and methods do not know where they were called. */
export class Failure extends Error {
  constructor(
    readonly type: FailureType,
    message: string,
    /** The name that is not defined, for "did you mean". */
    readonly missingName?: string,
    /** What to do next. */
    readonly hint?: string,
  ) {
    super(message);
    this.name = type;
  }
}

/** A macro was called with arguments that it does not take. */
export class ArgumentFailure extends Failure {
  constructor(message: string, hint: string) {
    super('TypeError', message, undefined, hint);
  }
}

/** Throws a Failure; typed `never` so that callers read as one line. */
export function fail(type: FailureType, message: string): never {
  throw new Failure(type, message);
}
