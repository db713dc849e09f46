/** `value[start:stop:step]` and single positions of sequences. */
import { Range } from './collections.ts';
import { fail } from './failure.ts';
import { callSpecial } from './host.ts';
import { hasSurrogates } from './iteration.ts';
import { Markup, stringOf } from './markup.ts';
import { Tuple, tupleOf } from './tuple.ts';
import { isInteger, numeric, typeName } from './types.ts';
import { refuseUndefined } from './undefined.ts';

/** The bounds of a slice; null where they are left out. */
export class Slice {
  constructor(
    readonly start: unknown,
    readonly stop: unknown,
    readonly step: unknown,
  ) {}
}

/** A part of a string, list, tuple or range. Raises TypeError for what cannot be sliced. */
export function slice(value: unknown, bounds: Slice): unknown {
  refuseUndefined(value);
  const text = stringOf(value);
  if (text !== undefined) {
    const part = sliceText(text, bounds);
    return value instanceof Markup ? new Markup(part) : part;
  }
  if (Array.isArray(value)) {
    const part = indexes(value.length, bounds).map((i) => value[i]);
    return value instanceof Tuple ? tupleOf(part) : part;
  }
  if (value instanceof Range) {
    const { start, stop, step } = limits(value.length, bounds);
    return new Range(value.at(start), value.at(stop), value.step * step);
  }
  const special = callSpecial(value, '__getitem__', bounds);
  if (special !== undefined) return special;
  if (typeName(value) === 'dict') return fail('TypeError', "unhashable type: 'slice'");
  return fail('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function sliceText(text: string, bounds: Slice): string {
  const chars = hasSurrogates(text) ? [...text] : text;
  const { start, stop, step } = limits(chars.length, bounds);
  if (step === 1 && typeof chars === 'string') return stop > start ? chars.slice(start, stop) : '';
  return indexes(chars.length, bounds)
    .map((i) => chars[i]!)
    .join('');
}

function indexes(length: number, bounds: Slice): number[] {
  const { start, stop, step } = limits(length, bounds);
  const found: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) found.push(i);
  return found;
}

function limits(length: number, bounds: Slice): { start: number; stop: number; step: number } {
  const step = position(bounds.step) ?? 1;
  if (step === 0) fail('ValueError', 'slice step cannot be zero');
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (bound: unknown, otherwise: number) => {
    const given = position(bound);
    if (given === undefined) return otherwise;
    return Math.min(Math.max(given < 0 ? given + length : given, low), high);
  };
  return {
    start: clamp(bounds.start, step > 0 ? low : high),
    stop: clamp(bounds.stop, step > 0 ? high : low),
    step,
  };
}

function position(bound: unknown): number | undefined {
  if (bound === null || bound === undefined) return undefined;
  if (isInteger(bound) || typeof bound === 'boolean') return Number(numeric(bound));
  return fail('TypeError', 'slice indices must be integers or None or have an __index__ method');
}
