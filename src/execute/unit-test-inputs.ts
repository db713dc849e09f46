/** The inputs of a unit test: what its model's refs, sources and `this` stand for, as queries of literal rows. */
import type { Fragment, Resolve } from '../compile/contract.ts';
import { nearest, SqError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type CompiledNode, type GraphNode, isSource, type ReferringNode } from '../manifest/nodes.ts';
import { relation } from '../manifest/relation.ts';
import { literalCalls } from '../template/index.ts';
import type { RunState } from './run-state.ts';

export interface GivenInput {
  /** `ref('orders')`, `source('raw', 'orders')`, `this`. */
  input: string;
  rows: Record<string, unknown>[] | string;
  format: 'dict' | 'csv' | 'sql';
}

export class UnitTestInputs {
  private readonly byId = new Map<string, { node: GraphNode; given: GivenInput }>();
  /** Those that the model has asked for, in order. */
  private readonly used = new Set<string>();

  constructor(
    private readonly run: RunState,
    private readonly test: ReferringNode,
    private readonly model: CompiledNode,
    given: readonly GivenInput[],
  ) {
    for (const one of given) {
      const node = inputNode(run.request.manifest, test, model, one.input);
      this.byId.set(node.unique_id, { node, given: one });
    }
  }

  /** Throws dbt's error for a parent that is not among the inputs. `own`: what the model itself stands for. */
  resolve(own?: Fragment): Resolve {
    return (uniqueId) => {
      if (uniqueId === this.model.unique_id && own !== undefined) return own;
      const found = this.byId.get(uniqueId);
      if (found !== undefined) {
        this.used.add(uniqueId);
        return { kind: 'relation', relation: cteRelation(found.node) };
      }
      // dbt: without rows for `this` there is none
      if (uniqueId === this.model.unique_id) return { kind: 'sql', sql: 'None' };
      const parent = this.run.request.manifest.get(uniqueId);
      if (parent?.resource_type === 'function') return undefined;
      throw this.notGiven(parent, uniqueId);
    };
  }

  /** ` __dbt__cte__orders as (...)` of each input that was asked for. */
  async ctes(): Promise<{ id: string; sql: string }[]> {
    const out: { id: string; sql: string }[] = [];
    for (const id of this.used) {
      const { node, given } = this.byId.get(id)!;
      const sql = typeof given.rows === 'string' ? given.rows : await this.rowsSql(node, given.rows);
      out.push({ id, sql: ` ${cteRelation(node).identifier} as (\n${sql}\n)` });
    }
    return out;
  }

  /** The rows for `this` as a query; `known`: types of its columns. */
  async tableOfItself(known?: Readonly<Record<string, string>>): Promise<string> {
    const { node, given } = this.byId.get(this.model.unique_id)!;
    return typeof given.rows === 'string' ? given.rows : this.rowsSql(node, given.rows, known);
  }

  private async rowsSql(
    node: GraphNode,
    rows: Record<string, unknown>[],
    known?: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { compiler } = this.run.request;
    const input = standIn(node);
    const types = known ?? (await this.run.inputTypes.of(node, rows));
    return String(await compiler.callMacro('get_fixture_sql', [rows, types], input)).trim();
  }

  private notGiven(parent: GraphNode | undefined, uniqueId: string): SqError {
    const { test } = this;
    const source = parent !== undefined && isSource(parent);
    const name = source ? `${parent.source_name}.${parent.name}` : (parent?.name ?? uniqueId);
    const call = source ? `source('${parent.source_name}', '${parent.name}')` : `ref('${name}')`;
    return new SqError({
      kind: 'Compilation',
      code: 'unit-test-input',
      message: `Unit_Test '${test.unique_id}' (${test.original_file_path}) depends on a ${source ? 'source' : 'node'} named '${name}' which was not found`,
      hint: `the test gives no rows for it: add to given: - input: ${call}, with rows: [] for none`,
    });
  }
}

/** Throws dbt's text for an input that is not one of the three forms, or that nobody knows. */
function inputNode(manifest: Manifest, test: ReferringNode, model: CompiledNode, input: string): GraphNode {
  if (input.trim() === 'this') return model;
  const call = literalCalls(`{{ ${input} }}`)?.calls[0];
  const args = (call?.args ?? []).map(String);
  if (call === undefined || !['ref', 'source'].includes(call.name) || args.length === 0 || args.length > 2) {
    throw new SqError({
      kind: 'Parsing',
      code: 'unit-test-input',
      message: `Unit test given inputs must be either a 'ref', 'source' or 'this' call. Got: '${input}'.`,
    });
  }
  const version = (call.kwargs.v ?? call.kwargs.version ?? null) as string | number | null;
  const found =
    call.name === 'source'
      ? manifest.findSource(args[0]!, args[1] ?? '', test.package_name)
      : manifest.findRef(args.at(-1)!, args.length === 2 ? args[0]! : null, version, test.package_name);
  const node = found !== undefined && 'uniqueId' in found ? manifest.get(found.uniqueId) : undefined;
  if (node !== undefined) return node;
  const names = [...manifest.index.values()].map((summary) =>
    summary.source_name === undefined ? summary.name : `${summary.source_name}.${summary.name}`,
  );
  const near = nearest(args.join('.'), names);
  throw new SqError({
    kind: 'Parsing',
    code: 'unit-test-input',
    message: `Unit test '${test.name}' had an input (${input}) which was not found in the manifest.`,
    hint: near === undefined ? undefined : `did you mean '${near}'?`,
  });
}

function cteRelation(node: GraphNode) {
  const name = isSource(node) ? `${node.source_name}__${node.name}` : (node as CompiledNode).alias;
  return relation(null, null, `__dbt__cte__${name}`, {
    type: 'cte',
    quote: { database: false, schema: false, identifier: false },
  });
}

/** The input as a model, for the macro that spells its rows: `this` is the relation whose columns it has. */
function standIn(node: GraphNode): CompiledNode {
  if (!isSource(node)) return node as CompiledNode;
  const { database, schema, identifier, columns, relation_name } = node;
  const quoting = Object.fromEntries(
    Object.entries(node.quoting).filter(([, value]) => typeof value === 'boolean'),
  );
  return {
    ...node,
    resource_type: 'model',
    database,
    schema,
    alias: identifier,
    columns,
    relation_name,
    config: { enabled: true, tags: [], meta: {}, materialized: 'table', quoting },
    raw_code: '',
    depends_on: { macros: [], nodes: [] },
  } as unknown as CompiledNode;
}
