/** What resources that only refer to others have in common: exposures, metrics, semantic models, saved queries, unit tests. */
import type { ReferringNode } from '../../manifest/nodes.ts';
import { isRecord } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import { fqnOf } from '../fqn.ts';
import type { KeyPath } from '../properties/index.ts';
import type { PropertyEntry } from '../property-files.ts';
import type { ParseSession } from '../session.ts';
import { type ResolvedConfig, resolveConfig } from './config.ts';

export interface ReferringInput {
  session: ParseSession;
  docs: DocIndex;
  entry: PropertyEntry;
}

type Type = ReferringNode['resource_type'];

/** The fields that say what and where it is, as dbt orders them. */
export function identity(entry: PropertyEntry, type: Type, fqn = fqnFor(entry)) {
  const { pkg, name, relative, path } = entry;
  return {
    name,
    resource_type: type,
    package_name: pkg.config.name,
    path: relative,
    original_file_path: path,
    unique_id: `${type}.${pkg.config.name}.${name}`,
    fqn,
  };
}

export function fqnFor({ pkg, relative, name }: PropertyEntry): string[] {
  return fqnOf(pkg.config.name, relative, name);
}

/** The entry with its Jinja rendered, but for the values at `asWritten`. */
export function rendered(
  { session, entry }: ReferringInput,
  asWritten: (keys: KeyPath) => boolean,
): Record<string, unknown> {
  return renderValue(session, entry, entry.raw, [], asWritten) as Record<string, unknown>;
}

function renderValue(
  session: ParseSession,
  entry: PropertyEntry,
  value: unknown,
  keys: KeyPath,
  asWritten: (keys: KeyPath) => boolean,
): unknown {
  if (asWritten(keys)) return value;
  if (Array.isArray(value))
    return value.map((item, i) => renderValue(session, entry, item, [...keys, i], asWritten));
  if (!isRecord(value)) return session.renderYaml(value, entry.pkg, () => entry.at(keys));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      renderValue(session, entry, item, [...keys, key], asWritten),
    ]),
  );
}

/** Defaults, folder config and `config:` of the entry. */
export function configFor(
  { session, entry }: ReferringInput,
  type: Type,
  layer: Readonly<Record<string, unknown>>,
  fqn = fqnFor(entry),
): ResolvedConfig & { config: ReferringNode['config'] } {
  const patch = { values: layer, written: layer };
  const { config, unrendered } = resolveConfig({ session, pkg: entry.pkg, resourceType: type, fqn, patch });
  return { config, unrendered } as ResolvedConfig & { config: ReferringNode['config'] };
}

/** The description at `keys`, `doc()` and all, or null where there is none. */
export function described(
  { session, docs, entry }: ReferringInput,
  text: unknown,
  keys: KeyPath,
): string | null {
  if (text === undefined || text === null) return null;
  return docs.describe(text, session, entry.pkg, () => entry.at(keys)).text;
}

export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
