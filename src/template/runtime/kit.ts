/** What generated code reaches as `$`: constructors and checks that cannot fail and need no position. */
import { equals } from '../values/equality.ts';
import { PyFloat } from '../values/float.ts';
import { Kwargs } from '../values/kwargs.ts';
import { Slice } from '../values/slice.ts';
import { tuple } from '../values/tuple.ts';
import { isUndefined } from '../values/undefined.ts';

export const kit = {
  Kwargs,
  equals,
  tuple,
  float: (value: number) => new PyFloat(value),
  isDefined: (value: unknown) => !isUndefined(value),
  slice: (start: unknown, stop: unknown, step: unknown) => new Slice(start, stop, step),
  /** Text of a native render: joins the text before it, as Jinja yields neighbouring text at once. */
  collectText(values: unknown[], text: string): void {
    const last = values[values.length - 1];
    if (last instanceof CollectedText) last.text += text;
    else values.push(new CollectedText(text));
  },
};

export type Kit = typeof kit;

/** Text among the values of a native render, apart from strings that expressions answered. */
export class CollectedText {
  constructor(public text: string) {}
}
