/** Every filter of Jinja2 3.1 and dbt. */
import { builtinMethod } from '../runtime/access.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { stringOf } from '../values/markup.ts';
import { isTruthy } from '../values/truth.ts';
import { isList, typeName } from '../values/types.ts';
import { isUndefined } from '../values/undefined.ts';
import { type Filter, filter, simple } from './filter.ts';
import { markupFilters } from './markup-filters.ts';
import { numberFilters } from './number-filters.ts';
import { selectFilters } from './select-filters.ts';
import { sequenceFilters } from './sequence-filters.ts';
import { textFilters } from './text-filters.ts';

const orDefault = filter(
  'default',
  ['default_value', 'boolean'],
  0,
  (_, value, otherwise = '', boolean = false) =>
    isUndefined(value) || (isTruthy(boolean) && !isTruthy(value)) ? otherwise : value,
);

/** `attr` sees attributes and methods, never the keys of a dict. */
const attribute = filter('attr', ['name'], 1, (env, value, name) => {
  const wanted =
    stringOf(name) ?? fail('TypeError', `attribute name must be string, not '${typeName(name)}'`);
  if (value instanceof Dict && builtinMethod(value, wanted) === undefined) {
    return env.missing(wanted, { owner: value });
  }
  return env.attribute(value, wanted);
});

const same = (name: string) => simple(name, (value) => value);

export const allFilters: Readonly<Record<string, Filter>> = {
  ...markupFilters,
  ...numberFilters,
  ...selectFilters,
  ...sequenceFilters,
  ...textFilters,
  // dbt: these four change something only in native (YAML) rendering
  as_bool: same('as_bool'),
  as_native: same('as_native'),
  as_number: same('as_number'),
  as_text: same('as_text'),
  attr: attribute,
  d: orDefault,
  default: orDefault,
  is_list: simple('is_list', isList),
};
