import { Failure } from '../values/failure.ts';

/** A template that cannot be read: `pos` is the character where reading stopped. */
export class SyntaxFailure extends Failure {
  constructor(
    message: string,
    readonly pos: number,
    /** The tag that was opened and never closed, and where. */
    readonly opened?: { tag: string; pos: number },
  ) {
    super('TemplateSyntaxError', message);
  }
}
