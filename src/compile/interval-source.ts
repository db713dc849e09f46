/** A source whose location holds the interval (decision 19): the location is filled in when it is read. */
import type { BaseNames } from '../context/base.ts';
import { type Interval, intervalValue } from '../context/interval.ts';
import { SqError } from '../errors.ts';
import type { SourceNode } from '../manifest/nodes.ts';
import { parseTemplate } from '../template/index.ts';

const TAG = /\{\{[^}]*\binterval\b/;

/** True for `log_data/{{ interval.start.strftime('%Y/%m/%Y-%m-%d') }}-events.json`. */
export function usesInterval(source: SourceNode): boolean {
  const location = source.external?.location;
  return typeof location === 'string' && TAG.test(location);
}

/**
 * The source as this run reads it. Throws SqError kind Runtime where there is no interval and no `location_all`, and
 * where the interval spans more than one location.
 */
export function sourceWithin(source: SourceNode, base: BaseNames): SourceNode {
  if (!usesInterval(source)) return source;
  const { interval } = base.context;
  const { location, location_all: all } = source.external as { location: string; location_all?: unknown };
  const at = (text: string) =>
    ({ ...source, external: { ...source.external, location: text } }) as SourceNode;
  if (interval === undefined) {
    if (typeof all === 'string' && all !== '') return at(all);
    throw problem(
      source,
      `names files by the interval, and this run has none`,
      'give --event-time-start and --event-time-end, or say external: {location_all: …}: what stands for all intervals',
    );
  }
  const filled = rendered(location, interval, { source, base });
  const last = { start: new Date(interval.end.getTime() - 1), end: interval.end };
  const lastFilled = /interval\.end/.test(location) ? filled : rendered(location, last, { source, base });
  if (lastFilled !== filled) {
    throw problem(
      source,
      `names its files by the start of the interval, and this run's interval reaches from ${filled} to ${lastFilled}`,
      'run each part of its own: sq backfill --from … --to … --batch day',
    );
  }
  return at(filled);
}

function rendered(
  text: string,
  interval: Interval,
  { source, base }: { source: SourceNode; base: BaseNames },
): string {
  const value = intervalValue(interval);
  const lookup = (name: string) => {
    if (name === 'interval') return value;
    return name === 'var' ? base.var(source.package_name, source.name) : base.get(name);
  };
  return parseTemplate(text, { path: source.original_file_path }).render({
    lookup,
    undefinedMode: 'strict-use',
  });
}

function problem(source: SourceNode, what: string, hint: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'interval',
    message: `Source ${source.source_name}.${source.name} ${what}.`,
    at: { path: source.original_file_path },
    hint,
  });
}
