/** Edges of the semantic layer: metrics to the measures and metrics they are made of, saved queries to metrics. */
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode, ReferringNode } from '../manifest/nodes.ts';
import { isRecord } from './config/merge.ts';
import type { ParsedContents } from './contents.ts';
import type { SearchOrder } from './search-order.ts';

/** After refs are linked: semantic models learn their table, metrics and saved queries their parents. */
export function linkSemantics(contents: ParsedContents, order: SearchOrder): void {
  const linker = new SemanticLinker(contents, order);
  for (const node of [...contents.nodes.values()]) {
    if (node.resource_type === 'semantic_model') linker.table(node as ReferringNode);
    else if (node.resource_type === 'metric') linker.metric(node as ReferringNode);
    else if (node.resource_type === 'saved_query') {
      const { metrics } = node.query_params as { metrics: string[] };
      for (const name of metrics) linker.metricParent(node as ReferringNode, [name]);
    } else if (node.resource_type === 'exposure') {
      for (const names of node.metrics as string[][]) linker.metricParent(node as ReferringNode, names);
    }
  }
}

type Params = Record<string, unknown> & { input_measures: Record<string, unknown>[] };

class SemanticLinker {
  private readonly byMeasure = new Map<string, ReferringNode>();
  private readonly metrics = new Map<string, ReferringNode>();
  private readonly disabled = new Set<string>();
  private readonly done = new Set<string>();

  constructor(
    private readonly contents: ParsedContents,
    private readonly order: SearchOrder,
  ) {
    for (const node of contents.nodes.values()) {
      if (node.resource_type === 'metric')
        this.metrics.set(`${node.package_name}.${node.name}`, node as ReferringNode);
      if (node.resource_type !== 'semantic_model') continue;
      for (const measure of node.measures as { name: string }[])
        this.byMeasure.set(measure.name, node as ReferringNode);
    }
    for (const list of contents.disabled.values())
      for (const node of list) if (node.resource_type === 'metric') this.disabled.add(node.name);
  }

  table(node: ReferringNode): void {
    const model = this.contents.nodes.get(node.depends_on.nodes[0] ?? '') as CompiledNode | undefined;
    if (!model) return;
    const { alias, schema, database, relation_name: relationName } = model;
    node.node_relation = { alias, schema_name: schema, database, relation_name: relationName };
  }

  /** Fills `input_measures` and the parents of a metric, its input metrics first. */
  metric(metric: ReferringNode): void {
    if (this.done.has(metric.unique_id)) return;
    this.done.add(metric.unique_id);
    const params = metric.type_params as Params;
    const conversion = isRecord(params.conversion_type_params) ? params.conversion_type_params : {};
    for (const measure of [params.measure, conversion.base_measure, conversion.conversion_measure])
      if (isRecord(measure)) this.measure(metric, params, measure);
    const inputs = [params.numerator, params.denominator, ...(params.metrics as unknown[])];
    for (const input of [...inputs, conversion.base_metric, conversion.conversion_metric]) {
      if (!isRecord(input)) continue;
      const parent = this.find(metric, [String(input.name)]);
      this.metric(parent);
      for (const measure of (parent.type_params as Params).input_measures) addMeasure(params, measure);
      addParent(metric, parent.unique_id);
    }
  }

  metricParent(node: ReferringNode, names: readonly string[]): void {
    addParent(node, this.find(node, names).unique_id);
  }

  private measure(metric: ReferringNode, params: Params, measure: Record<string, unknown>): void {
    addMeasure(params, measure);
    const owner = this.byMeasure.get(String(measure.name));
    if (!owner) {
      throw refused(
        metric,
        `A semantic model having a measure \`${String(measure.name)}\` does not exist but was referenced.`,
        nearest(String(measure.name), this.byMeasure.keys()),
      );
    }
    addParent(metric, owner.unique_id);
  }

  private find(node: ReferringNode, names: readonly string[]): ReferringNode {
    const name = names.at(-1) as string;
    const wanted = names.length > 1 ? (names[0] as string) : null;
    for (const packageName of this.order.packages(node.package_name, wanted)) {
      const found =
        packageName === null
          ? [...this.metrics.values()].find((metric) => metric.name === name)
          : this.metrics.get(`${packageName}.${name}`);
      if (found) return found;
    }
    const known = [...this.metrics.values()].map((metric) => metric.name);
    if (node.resource_type === 'metric') {
      const reason = this.disabled.has(name)
        ? `The metric \`${name}\` is disabled and thus cannot be referenced.`
        : `The metric \`${name}\` does not exist but was referenced by metric \`${node.name}\`.`;
      throw refused(node, reason, nearest(name, known));
    }
    const title = node.resource_type === 'exposure' ? 'Exposure' : 'Saved_Query';
    const reason = this.disabled.has(name) ? 'is disabled' : 'was not found';
    throw refused(
      node,
      `${title} '${node.unique_id}' (${node.original_file_path}) depends on a metric named '${name}' which ${reason}`,
      nearest(name, known),
    );
  }
}

function addMeasure(params: Params, measure: Record<string, unknown>): void {
  const same = JSON.stringify(measure);
  if (!params.input_measures.some((one) => JSON.stringify(one) === same)) params.input_measures.push(measure);
}

function addParent(node: ReferringNode, uniqueId: string): void {
  if (!node.depends_on.nodes.includes(uniqueId)) node.depends_on.nodes.push(uniqueId);
}

function refused(node: ReferringNode, message: string, near: string | undefined): SqError {
  return new SqError({
    kind: node.resource_type === 'metric' ? 'Parsing' : 'Compilation',
    code: 'missing-metric',
    message,
    at: { path: node.original_file_path },
    node: { resourceType: node.resource_type, name: node.name, path: node.original_file_path },
    hint: near === undefined ? undefined : `did you mean '${near}'?`,
  });
}
