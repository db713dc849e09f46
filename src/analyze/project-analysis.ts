/** One analysis: the nodes in order, with what they share (the parser, the empty database, the cache). */
import type { StaticSchema } from '../adapters/duckdb/static-schema.ts';
import type { Column } from '../manifest/column.ts';
import type { NodeSummary } from '../manifest/manifest.ts';
import { type CompiledNode, isCompiled } from '../manifest/nodes.ts';
import { createSqlEngine } from '../sql/index.ts';
import {
  analyseNode,
  type GivenColumns,
  type KnownParent,
  type NodeQuestion,
  type Tools,
} from './analyse-node.ts';
import { assemble } from './assemble.ts';
import { nameInSql, sqlOf } from './compiled-sql.ts';
import type { Analysis, AnalyzeRequest } from './contract.ts';
import { declaredColumns } from './declared-columns.ts';
import type { Finding } from './finding.ts';
import { FindingCache, keyOf } from './finding-cache.ts';
import { withSnapshotColumns } from './snapshot-columns.ts';

/** Nodes worked on at once: enough to keep the parser's thread and the engine's busy. */
const AT_ONCE = 16;

export class ProjectAnalysis {
  private readonly findings = new Map<string, Finding>();
  private readonly given = new Map<string, GivenColumns>();
  private readonly engine = createSqlEngine();
  private readonly cache: FindingCache;
  private schema: Promise<StaticSchema | undefined> | undefined;
  private readonly tables = new Map<string, Promise<boolean>>();
  private readonly tools: Tools;

  constructor(private readonly request: AnalyzeRequest) {
    this.cache = new FindingCache(request.context.targetPath);
    this.tools = {
      engine: this.engine,
      bind: (question) => this.bind(question),
      bindIsTruth: request.context.adapter.type === 'duckdb',
    };
  }

  async run(order: readonly string[]): Promise<Analysis> {
    const started = new Map<string, Promise<void>>();
    const gate = new Gate(AT_ONCE);
    let done = 0;
    for (const id of order) {
      const { parents = [] } = this.request.manifest.index.get(id) ?? {};
      const before = parents.flatMap((parent) => started.get(parent) ?? []);
      const work = Promise.all(before).then(() =>
        gate.pass(async () => {
          if (this.request.context.invocation.signal.aborted) return;
          const query = await this.find(id);
          const node = this.request.manifest.get(id) as CompiledNode;
          const finding = node.resource_type === 'snapshot' ? withSnapshotColumns(query, node) : query;
          this.findings.set(id, finding);
          this.given.set(id, givenBy(finding));
          this.request.onProgress?.(++done, order.length);
        }),
      );
      started.set(id, work);
    }
    await Promise.all(started.values());
    return assemble(this.request, order, this.findings);
  }

  async close(): Promise<void> {
    this.cache.write((id) => this.request.manifest.index.has(id));
    await this.engine.close();
    (await this.schema)?.close();
  }

  private async find(id: string): Promise<Finding> {
    const { manifest, context, catalog } = this.request;
    const node = manifest.get(id)!;
    const fallback = declaredColumns(node, { projectDir: context.projectDir, catalog: catalog?.get(id) });
    if (!isCompiled(node) || node.resource_type === 'seed') return fallback;
    const found = await sqlOf(node, this.request);
    if ('problem' in found) return { ...fallback, problem: found.problem };
    const question: NodeQuestion = {
      sql: found.sql,
      dialect: context.adapter.type,
      places: found.isCompiledCode,
      parents: this.parentsOf(node),
      own: nameInSql(manifest.index.get(id)!),
      catalog: catalog?.get(id),
    };
    const parents = question.parents.map(({ name, injected, given }) => [name, injected, given?.digest]);
    const key = keyOf([{ ...question, parents }, fallback, this.tools.bindIsTruth]);
    const cached = this.cache.get(id, key);
    if (cached !== undefined) return cached;
    const finding = await analyseNode(question, fallback, this.tools);
    if (!finding.passing) this.cache.set(id, key, finding);
    return finding;
  }

  private parentsOf(node: CompiledNode): KnownParent[] {
    return parentIds(this.request, node.unique_id).map((id) => {
      const summary = this.request.manifest.index.get(id)!;
      return {
        name: nameInSql(summary),
        injected: summary.materialized === 'ephemeral',
        given: this.given.get(id),
      };
    });
  }

  private async bind(question: NodeQuestion): ReturnType<Tools['bind']> {
    this.schema ??= this.openSchema();
    const schema = await this.schema;
    if (schema === undefined) return undefined;
    // of a model that reads itself only an earlier run knows the types
    const self = readsItself(question);
    if (self && question.catalog === undefined) return undefined;
    if (self) await this.table(schema, question.own, question.catalog!);
    for (const { name, injected, given } of question.parents) {
      if (injected) continue;
      if (given === undefined || given.columns.length === 0) return undefined;
      await this.table(
        schema,
        name,
        given.columns.map((column) => ({ name: column.name, dataType: column.type ?? 'VARCHAR' })),
      );
    }
    return schema.describe(question.sql);
  }

  private table(schema: StaticSchema, name: string[], columns: readonly Column[]): Promise<boolean> {
    const key = name.join('\u0000').toLowerCase();
    let made = this.tables.get(key);
    if (made === undefined) {
      made = schema.addTable(name, columns).catch(() => false);
      this.tables.set(key, made);
    }
    return made;
  }

  private async openSchema(): Promise<StaticSchema | undefined> {
    const { openStaticSchema } = await import('../adapters/duckdb/static-schema.ts');
    const { database, schema } = this.place();
    return openStaticSchema({ database, schema }, { foreign: !this.tools.bindIsTruth });
  }

  /** Where names without a schema belong: the first model's place. */
  private place(): { database: string | null; schema: string | null } {
    const some = [...this.request.manifest.index.values()].find(
      ({ resource_type, relation }) => resource_type === 'model' && relation !== undefined,
    );
    return { database: some?.relation?.database ?? null, schema: some?.relation?.schema ?? null };
  }
}

/** Parents that have columns, in the order of the manifest. */
export function parentIds({ manifest }: Pick<AnalyzeRequest, 'manifest'>, id: string): string[] {
  const { parents = [] } = manifest.index.get(id) ?? {};
  return parents.filter((parent) => hasColumns(manifest.index.get(parent)));
}

function hasColumns(summary: NodeSummary | undefined): boolean {
  return summary !== undefined && ['model', 'seed', 'snapshot', 'source'].includes(summary.resource_type);
}

/** What a node's children see of it. */
function givenBy(finding: Finding): GivenColumns {
  const columns = finding.columns.map(({ name, type }) => ({ name, type }));
  const { open, vague } = finding;
  return { columns, ...(open && { open }), ...(vague && { vague }), digest: keyOf([columns, open, vague]) };
}

/** As far as the text tells; a comment that names the model does no harm. */
function readsItself({ sql, own }: NodeQuestion): boolean {
  const name = own.at(-1)!.toLowerCase();
  return new RegExp(`[."\\s]${name.replace(/[^\w]/g, '\\$&')}\\b`).test(sql.toLowerCase());
}

/** Lets so many through at once. */
class Gate {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async pass(work: () => Promise<void>): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }
}
