/** How built-in functions, classes and macros print, and which Python type they claim to be. */
export interface Label {
  /** `str()` of the function. */
  text: string;
  /** `function`, `type`, `Macro`. */
  type: string;
  /** Attributes a template may read. */
  attributes?: Readonly<Record<string, unknown>>;
}

const LABEL: unique symbol = Symbol('sq.template.label');

/** Marks a function and answers it. */
export function labelled<F extends object>(fn: F, label: Label): F {
  return Object.defineProperty(fn, LABEL, { value: label });
}

export function labelOf(fn: unknown): Label | undefined {
  return (fn as { [LABEL]?: Label })[LABEL];
}
