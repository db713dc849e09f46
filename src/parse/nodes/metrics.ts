/** `metrics:` -> metric nodes, in the shape that MetricFlow reads from dbt's manifest. */
import { SqError } from '../../errors.ts';
import type { ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { configFor, described, identity, type ReferringInput, recordOf, rendered } from './referring.ts';

export function metricNode(input: ReferringInput): ReferringNode {
  const raw = rendered(
    input,
    (keys) => keys[0] === 'description' || keys.at(-1) === 'filter' || keys.at(-2) === 'filter',
  );
  return metricOf(input, raw, described(input, input.entry.raw.description, ['description']) ?? '');
}

/** A measure with `create_metric: true` makes a metric of its own name; `enabled` is the semantic model's. */
export function metricOfMeasure(
  input: ReferringInput,
  measure: Record<string, unknown>,
  enabled: boolean,
): ReferringNode {
  const name = String(measure.name);
  const config: Record<string, unknown> = { enabled };
  const meta = recordOf(measure.config).meta;
  config.meta = recordOf(meta);
  const raw = {
    name,
    label: measure.label ?? name,
    type: 'simple',
    type_params: { measure: name, expr: measure.expr ?? name },
    config,
  };
  const text = typeof measure.description === 'string' ? measure.description : '';
  return metricOf(
    { ...input, entry: { ...input.entry, name, raw } },
    raw,
    text === '' ? `Metric created from measure ${name}` : text,
  );
}

function metricOf(input: ReferringInput, raw: Record<string, unknown>, description: string): ReferringNode {
  const { entry, session } = input;
  const layer: Record<string, unknown> = { ...recordOf(raw.config) };
  if (raw.meta !== undefined && layer.meta === undefined) layer.meta = raw.meta;
  const { config, unrendered } = configFor(input, 'metric', layer);
  return {
    ...identity(entry, 'metric'),
    description,
    label: raw.label ?? null,
    type: String(raw.type ?? 'simple').toLowerCase(),
    type_params: typeParams(input, String(raw.type ?? 'simple').toLowerCase(), recordOf(raw.type_params)),
    filter: whereFilter(raw.filter),
    metadata: null,
    time_granularity: raw.time_granularity ?? null,
    config,
    unrendered_config: unrendered,
    sources: [],
    depends_on: { macros: [], nodes: [] },
    refs: [],
    metrics: [],
    group: (config.group as string | null | undefined) ?? null,
    meta: recordOf(config.meta),
    tags: listOf(raw.tags).map(String),
    created_at: session.createdAt,
  };
}

function typeParams(input: ReferringInput, type: string, given: Record<string, unknown>) {
  const window = (value: unknown) => timeWindow(input, value);
  const metricInput = (value: unknown) => inputMetric(input, value);
  const cumulative = recordOf(given.cumulative_type_params);
  const conversion = given.conversion_type_params;
  return {
    measure: inputMeasure(given.measure),
    input_measures: [],
    numerator: metricInput(given.numerator),
    denominator: metricInput(given.denominator),
    expr: given.expr === undefined || given.expr === null ? null : String(given.expr),
    window: window(given.window),
    grain_to_date: given.grain_to_date ?? null,
    metrics: listOf(given.metrics).map(metricInput),
    conversion_type_params: isRecord(conversion)
      ? {
          base_measure: inputMeasure(conversion.base_measure),
          conversion_measure: inputMeasure(conversion.conversion_measure),
          base_metric: metricInput(conversion.base_metric),
          conversion_metric: metricInput(conversion.conversion_metric),
          entity: conversion.entity ?? null,
          calculation: conversion.calculation ?? 'conversion_rate',
          window: window(conversion.window),
          constant_properties: conversion.constant_properties ?? null,
        }
      : null,
    cumulative_type_params:
      type === 'cumulative'
        ? {
            window: window(cumulative.window ?? given.window),
            grain_to_date: cumulative.grain_to_date ?? given.grain_to_date ?? null,
            period_agg: cumulative.period_agg ?? 'first',
            metric: null,
          }
        : null,
    metric_aggregation_params: null,
    fill_nulls_with: null,
    join_to_timespine: false,
    is_private: null,
  };
}

function inputMeasure(value: unknown): Record<string, unknown> | null {
  if (value === undefined || value === null) return null;
  const given = isRecord(value) ? value : { name: String(value) };
  return {
    name: given.name,
    filter: whereFilter(given.filter),
    alias: given.alias ?? null,
    join_to_timespine: given.join_to_timespine ?? false,
    fill_nulls_with: given.fill_nulls_with ?? null,
  };
}

function inputMetric(input: ReferringInput, value: unknown): Record<string, unknown> | null {
  if (value === undefined || value === null) return null;
  const given = isRecord(value) ? value : { name: String(value) };
  return {
    name: given.name,
    filter: whereFilter(given.filter),
    alias: given.alias ?? null,
    offset_window: timeWindow(input, given.offset_window),
    offset_to_grain: given.offset_to_grain ?? null,
  };
}

/** Filters keep their Jinja: MetricFlow renders it. */
export function whereFilter(value: unknown): { where_filters: { where_sql_template: string }[] } | null {
  if (value === undefined || value === null) return null;
  return { where_filters: listOf(value).map((text) => ({ where_sql_template: String(text) })) };
}

const GRAINS = [
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
];

/** `7 days` -> 7 of day; a grain of the user's own keeps its s. */
function timeWindow(input: ReferringInput, value: unknown): { count: number; granularity: string } | null {
  if (value === undefined || value === null) return null;
  const [count, grain, ...rest] = String(value).toLowerCase().split(' ');
  if (count === undefined || grain === undefined || rest.length > 0 || !/^\d+$/.test(count)) {
    throw new SqError({
      kind: 'Parsing',
      code: 'metric-window',
      message: `Invalid window (${String(value)}) in cumulative/conversion metric. Should be of the form \`<count> <granularity>\`, e.g., \`28 days\``,
      at: input.entry.at(['type_params']),
    });
  }
  const single = grain.replace(/s$/, '');
  return { count: Number(count), granularity: GRAINS.includes(single) ? single : grain };
}
