import { stringOf } from '../values/markup.ts';
import { isUndefined } from '../values/undefined.ts';
import type { FilterEnvironment } from './filter.ts';

export type Getter = (item: unknown) => unknown;

/**
 * Reads `attribute` of an item: `'a.b.0'` walks, an integer indexes, None gives the item itself. `otherwise`
 * replaces what is missing on the way.
 */
export function attributeGetter(
  env: FilterEnvironment,
  attribute: unknown,
  change?: Getter,
  otherwise?: unknown,
): Getter {
  const parts = pathOf(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = env.item(value, part);
      if (otherwise !== undefined && otherwise !== null && isUndefined(value)) value = otherwise;
    }
    return change ? change(value) : value;
  };
}

/** Like attributeGetter for `'a,b'`: a list of values to sort by. */
export function multiAttributeGetter(
  env: FilterEnvironment,
  attribute: unknown,
  change?: Getter,
): (item: unknown) => unknown[] {
  const text = stringOf(attribute);
  const attributes = text === undefined ? [attribute] : text.split(',');
  const getters = attributes.map((each) => attributeGetter(env, each, change));
  return (item) => getters.map((getter) => getter(item));
}

function pathOf(attribute: unknown): unknown[] {
  if (attribute === undefined || attribute === null) return [];
  const text = stringOf(attribute);
  if (text === undefined) return [attribute];
  return text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
