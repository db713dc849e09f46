/**
 * What `return(x)` throws: not an Error, so that nothing between it and the macro takes it for a failure. The
 * macro that was called answers `value`; the body of a call block lets it pass to the macro that called it.
 */
export class ReturnSignal {
  constructor(readonly value: unknown) {}
}
