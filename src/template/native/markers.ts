import { type Filter, simple } from '../filters/filter.ts';
import { Markup } from '../values/markup.ts';
import { toText } from '../values/text.ts';

/** What dbt's filters make of a text in YAML: how the whole value is to be read. */
export class Marker extends Markup {
  constructor(
    text: string,
    readonly as: 'text' | 'native' | 'bool' | 'number',
  ) {
    super(text);
  }
}

function marker(name: string, as: Marker['as']): Filter {
  return simple(name, (value) => new Marker(toText(value), as));
}

/** The filters of dbt's native environment. */
export const nativeFilters: Readonly<Record<string, Filter>> = {
  as_bool: marker('as_bool', 'bool'),
  as_native: marker('as_native', 'native'),
  as_number: marker('as_number', 'number'),
  as_text: marker('as_text', 'text'),
};
