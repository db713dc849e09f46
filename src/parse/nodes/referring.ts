/**
 * Resources that only refer to others: exposures, metrics, semantic models, saved queries, unit tests. They
 * are kept in the manifest with their edges, selected, and never run.
 */
import { SqError } from '../../errors.ts';
import type { RefArgs, ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import { fqnOf } from '../fqn.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { referencesIn } from '../yaml-references.ts';
import { resolveConfig } from './config.ts';

export interface ReferringInput {
  session: ParseSession;
  pkg: PackageSource;
  docs: DocIndex;
  resourceType: ReferringNode['resource_type'];
  raw: Readonly<Record<string, unknown>>;
  path: string;
  /** Path below the base folder, for the fqn. */
  relative: string;
  at: (keys: readonly (string | number)[]) => SqErrorPlace;
}

export function referringNode(input: ReferringInput): ReferringNode {
  const { session, pkg, docs, resourceType } = input;
  const raw = withoutDescriptions(
    session.renderYaml(input.raw, pkg, () => input.at([]), KEPT) as Record<string, unknown>,
  );
  const name = String(raw.name);
  const model = resourceType === 'unit_test' ? modelName(raw.model) : undefined;
  const fqn = fqnOf(pkg.config.name, input.relative, name);
  if (model) fqn.splice(fqn.length - 1, 0, model);
  const patch = {
    ...pick(raw, ['tags', 'meta', 'enabled', 'group']),
    ...(isRecord(raw.config) ? raw.config : {}),
  };
  const { config, unrendered } = resolveConfig({
    session,
    pkg,
    resourceType,
    fqn,
    patch: { values: patch, written: patch },
  });
  const description = docs.describe(input.raw.description, session, pkg, () => input.at(['description']));
  const { refs, sources } = referencesOf(resourceType, input);
  const id = model ? `${model}.${name}` : name;
  return {
    ...defaults(resourceType),
    ...raw,
    name,
    resource_type: resourceType,
    package_name: pkg.config.name,
    path: input.path,
    original_file_path: input.path,
    unique_id: `${resourceType}.${pkg.config.name}.${id}`,
    fqn,
    description: description.text,
    config: config as unknown as ReferringNode['config'],
    unrendered_config: unrendered,
    tags: config.tags ?? [],
    meta: config.meta ?? {},
    refs,
    sources,
    depends_on: { macros: [], nodes: [] },
    created_at: session.createdAt,
  };
}

/** Text of these stays as written: refs are read from it, fixtures are data. */
const KEPT = new Set(['description', 'depends_on', 'given', 'expect', 'model', 'pre-hook', 'post-hook']);

function withoutDescriptions(raw: Record<string, unknown>): Record<string, unknown> {
  const { description: _description, depends_on: _dependsOn, ...rest } = raw;
  return rest;
}

function referencesOf(
  resourceType: string,
  input: ReferringInput,
): { refs: RefArgs[]; sources: [string, string][] } {
  const { raw, pkg, session } = input;
  const texts: unknown[] = [];
  if (resourceType === 'exposure') texts.push(...listOf(raw.depends_on));
  else if (resourceType === 'semantic_model') texts.push(raw.model);
  else if (resourceType === 'unit_test') {
    const model = modelName(raw.model);
    texts.push(String(raw.model).includes('(') ? raw.model : `ref('${model}')`);
    for (const given of listOf(raw.given))
      if (isRecord(given) && given.input !== 'this') texts.push(given.input);
  }
  const refs: RefArgs[] = [];
  const sources: [string, string][] = [];
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    const found = referencesIn(text, pkg, session);
    if (
      found.refs.length + found.sources.length === 0 &&
      resourceType === 'exposure' &&
      !/metric\s*\(/.test(text)
    ) {
      throw new SqError({
        kind: 'Parsing',
        code: 'exposure-depends-on',
        message: `Invalid depends_on of exposure ${String(raw.name)}: ${JSON.stringify(text)} is neither ref(...) nor source(...) nor metric(...)`,
        at: input.at(['depends_on']),
      });
    }
    refs.push(...found.refs);
    sources.push(...found.sources);
  }
  return { refs, sources };
}

function modelName(model: unknown): string {
  const text = String(model ?? '');
  return /ref\(\s*(?:(['"])[\w.]+\1\s*,\s*)?(['"])([\w.]+)\2/.exec(text)?.[3] ?? text;
}

function defaults(resourceType: string): Record<string, unknown> {
  switch (resourceType) {
    case 'exposure':
      return { type: null, owner: {}, label: null, maturity: null, url: null, metrics: [] };
    case 'metric':
      return {
        label: null,
        type: null,
        type_params: {},
        filter: null,
        metadata: null,
        time_granularity: null,
        metrics: [],
        group: null,
      };
    case 'semantic_model':
      return {
        model: null,
        node_relation: null,
        label: null,
        defaults: null,
        entities: [],
        measures: [],
        dimensions: [],
        metadata: null,
        primary_entity: null,
        group: null,
      };
    case 'saved_query':
      return { query_params: {}, exports: [], label: null, metadata: null, group: null };
    default:
      return {
        given: [],
        expect: { rows: null, format: 'dict', fixture: null },
        overrides: null,
        schema: null,
        checksum: null,
        versions: null,
        version: null,
      };
  }
}

function pick(raw: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(
    keys.filter((key) => raw[key] !== undefined && raw[key] !== null).map((key) => [key, raw[key]]),
  );
}
