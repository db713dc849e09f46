/** `semantic_models:` -> nodes that lie over a model, and the metrics that their measures make. */
import type { ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { referencesIn } from '../yaml-references.ts';
import { metricOfMeasure } from './metrics.ts';
import { configFor, described, identity, type ReferringInput, recordOf, rendered } from './referring.ts';

/** The semantic model, then one metric for each measure with `create_metric: true`. */
export function semanticModelNodes(input: ReferringInput): ReferringNode[] {
  const { session, entry } = input;
  const raw = rendered(
    input,
    (keys) => keys[0] === 'model' || keys[0] === 'description' || keys[2] === 'description',
  );
  const { config, unrendered } = configFor(input, 'semantic_model', recordOf(raw.config));
  const parts = (key: 'entities' | 'measures' | 'dimensions', make: (part: Part) => Part): Part[] =>
    listOf(raw[key])
      .filter(isRecord)
      .map((part, i) => {
        const description = described(input, part.description, [key, i, 'description']);
        return make({ ...part, description });
      });
  const measures = listOf(raw.measures).filter(isRecord);
  const node: ReferringNode = {
    ...identity(entry, 'semantic_model'),
    model: String(entry.raw.model),
    node_relation: null,
    description: described(input, entry.raw.description, ['description']),
    label: raw.label ?? null,
    defaults: isRecord(raw.defaults) ? { agg_time_dimension: null, ...raw.defaults } : null,
    entities: parts('entities', entity),
    measures: parts('measures', measure),
    dimensions: parts('dimensions', dimension),
    metadata: null,
    depends_on: { macros: [], nodes: [] },
    refs: referencesIn(String(entry.raw.model), entry.pkg, session).refs,
    config,
    unrendered_config: unrendered,
    primary_entity: raw.primary_entity ?? null,
    group: (config.group as string | null | undefined) ?? null,
    created_at: session.createdAt,
  };
  const enabled = config.enabled !== false;
  const made = measures.filter((one) => one.create_metric === true);
  return [node, ...made.map((one) => metricOfMeasure(input, one, enabled))];
}

type Part = Record<string, unknown>;

function common(part: Part) {
  return { description: part.description ?? null, label: part.label ?? null };
}

function configOf(part: Part) {
  return { meta: recordOf(recordOf(part.config).meta) };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}

function entity(part: Part): Part {
  return {
    name: part.name,
    type: part.type,
    ...common(part),
    role: part.role ?? null,
    expr: textOf(part.expr),
    config: configOf(part),
  };
}

function measure(part: Part): Part {
  const additive = part.non_additive_dimension;
  return {
    name: part.name,
    agg: part.agg,
    ...common(part),
    // the metric is made; dbt does not say that it was
    create_metric: false,
    expr: textOf(part.expr),
    agg_params: isRecord(part.agg_params)
      ? {
          percentile: null,
          use_discrete_percentile: false,
          use_approximate_percentile: false,
          ...part.agg_params,
        }
      : null,
    non_additive_dimension: isRecord(additive)
      ? {
          name: additive.name,
          window_choice: additive.window_choice,
          window_groupings: listOf(additive.window_groupings),
        }
      : null,
    agg_time_dimension: part.agg_time_dimension ?? null,
    config: configOf(part),
  };
}

function dimension(part: Part): Part {
  const params = part.type_params;
  return {
    name: part.name,
    type: part.type,
    ...common(part),
    is_partition: part.is_partition === true,
    type_params: isRecord(params)
      ? { time_granularity: params.time_granularity, validity_params: params.validity_params ?? null }
      : null,
    expr: textOf(part.expr),
    metadata: null,
    config: configOf(part),
  };
}
