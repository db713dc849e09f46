/** dbt-duckdb's `external_location`: the text that stands for a source, in its meta or config. */
import type { SourceNode } from '../../../manifest/nodes.ts';

/**
 * As dbt-duckdb: `{name}`, `{identifier}`, `{schema}` ... are filled in from the source (`formatter: oldstyle`
 * takes `%(name)s`, `template` takes `$name`), and a plain path gets quotes. Undefined where there is none.
 */
export function externalLocation(source: SourceNode): string | undefined {
  const location = setting(source, 'external_location');
  if (typeof location !== 'string') return undefined;
  const filled = fill(location, String(setting(source, 'formatter') ?? 'newstyle'), source);
  return filled.includes('(') || filled.startsWith("'") ? filled : `'${filled}'`;
}

function setting(source: SourceNode, key: string): unknown {
  return source.config[key] ?? source.meta[key] ?? source.source_meta[key];
}

const PLACES: Record<string, RegExp> = {
  newstyle: /\{\{|\}\}|\{(\w+)\}/g,
  oldstyle: /%%|%\((\w+)\)s/g,
  template: /\$\$|\$\{?(\w+)\}?/g,
};

function fill(text: string, formatter: string, source: SourceNode): string {
  const pattern = PLACES[formatter] ?? (PLACES.newstyle as RegExp);
  return text.replace(pattern, (whole, name: string | undefined) =>
    name === undefined ? whole.slice(0, 1) : String((source as Record<string, unknown>)[name] ?? whole),
  );
}
