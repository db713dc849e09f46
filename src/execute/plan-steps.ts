/** Answers a plan's steps against the warehouse. */
import type { Dialect, ExecResult, Session, StatementOwner } from '../adapters/contract.ts';
import type { Batch, Compiler, Overrides } from '../compile/contract.ts';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import type { AuditVerdict, SeedFile, SeedRequest, Statement, Step } from '../materializations/contract.ts';
import { columnsOn } from './inspector.ts';
import { hookLabel, hooksOf, renderHook } from './node-hooks.ts';
import type { Attempts } from './retry.ts';
import { SessionLease } from './session-lease.ts';
import type { Warehouse } from './warehouse.ts';

export interface StepsOptions {
  node: CompiledNode;
  /** Final SQL of the node. */
  sql: string;
  compiler: Compiler;
  dialect: Dialect;
  warehouse: Warehouse;
  invocation: Invocation;
  /** The part of a microbatch model that is built. */
  batch?: Batch | undefined;
  /** Of a unit test. */
  overrides?: Overrides;
  /** Runs the guards; inside a transaction on the plan's own session, which is given. */
  audit(relation: Relation, session: Session | undefined): Promise<AuditVerdict>;
  /** The plan is audited: templates are kept off its session. */
  audited: boolean;
  attempts: Attempts;
}

export class PlanSteps {
  /** What was sent, for `target/run`. */
  readonly sent: string[] = [];
  /** The hook that runs, for the error message. */
  hook: string | undefined;
  /**
   * The plan can begin again: all that it has done so far is undone, or done anew without harm. Hooks outside a
   * transaction are not, and a test that was told once is not told again.
   */
  canRestart = true;
  private readonly lease: SessionLease;
  private readonly extra: Readonly<Record<string, unknown>>;

  constructor(private readonly options: StepsOptions) {
    const { node, warehouse, audited, sql, dialect, attempts } = options;
    this.lease = new SessionLease({
      driver: warehouse.driver,
      owner: ownerOf(node),
      sessions: audited ? undefined : warehouse.sessions,
      dialect,
      attempts,
    });
    this.extra = { sql, compiled_code: sql };
  }

  close(): Promise<void> {
    return this.lease.close();
  }

  answer(step: Step): Promise<unknown> | unknown {
    switch (step.kind) {
      case 'macro':
        return this.macro(step.name, step.args);
      case 'columns':
        return this.columns(step.relation);
      case 'query-columns':
        return this.queryColumns(step.sql);
      case 'query':
        return this.onSession((session) => session.query(step.sql)).then(({ rows }) => rows);
      case 'run':
        return this.run(step.statements);
      case 'begin':
        return this.lease.open().then((session) => session.begin());
      case 'commit':
        this.needed(step.kind);
        return this.lease.commit(step.repeatable);
      case 'rollback':
        return this.needed(step.kind).rollback();
      case 'hooks':
        return this.hooks(step);
      case 'audit':
        this.canRestart = false;
        return this.options.audit(step.relation, step.inTransaction ? this.needed(step.kind) : undefined);
      case 'cache':
        return this.cache(step.added, step.dropped);
      case 'loader':
        return this.load(step.request);
      case 'fill':
        return this.onSession(
          async (session) => (await this.options.warehouse.driver.fillRows?.(step.order, session)) ?? false,
        );
      case 'unload':
        this.canRestart = false;
        return this.onSession(async (session) =>
          this.options.warehouse.driver.unload?.(step.request, session),
        );
      case 'seed':
        return readSeedFile(step.request);
      case 'notice':
        return this.options.invocation.emit({ name: 'SqNotice', topic: step.topic, msg: step.msg });
      case 'warning':
        return this.options.invocation.emit({ name: 'Warning', event_name: step.event, msg: step.msg });
    }
  }

  private async macro(name: string, args: readonly unknown[]): Promise<unknown> {
    const { compiler, node, batch, overrides } = this.options;
    const value = await compiler.callMacro(name, args, node, {
      extra: this.extra,
      ...(batch && { batch }),
      ...(overrides && { overrides }),
    });
    return typeof value === 'string' ? value.trim() : value;
  }

  private run(statements: readonly Statement[]): Promise<ExecResult[]> {
    for (const { sql } of statements) this.sent.push(sql);
    return this.lease.run(statements);
  }

  private columns(rel: Relation): Promise<Column[]> {
    return this.onSession((session) =>
      columnsOn(session, this.options.dialect, rel, this.options.warehouse.relations.database),
    );
  }

  private async queryColumns(sql: string): Promise<Column[]> {
    const { columns } = await this.onSession((session) => session.query(emptyQuery(sql)));
    return columns.map(({ name, type }) => ({ name, dataType: type }));
  }

  private async hooks(position: Extract<Step, { kind: 'hooks' }>): Promise<void> {
    const { node, compiler } = this.options;
    for (const hook of hooksOf(node, position)) {
      this.hook = hookLabel(position, hook);
      const sql = await renderHook(compiler, node, hook, this.extra);
      if (sql === '') continue;
      this.sent.push(sql);
      const session = await this.lease.open();
      if (!session.inTransaction) {
        this.canRestart = false;
        this.lease.keeps = true;
      }
      await session.execute(sql);
    }
    this.hook = undefined;
  }

  private cache(added: readonly Relation[] = [], dropped: readonly Relation[] = []): void {
    const { relations } = this.options.warehouse;
    for (const rel of dropped) relations.dropped(rel);
    for (const rel of added) relations.added(rel);
  }

  private async load(request: Extract<Step, { kind: 'loader' }>['request']): Promise<unknown> {
    const { driver } = this.options.warehouse;
    if (driver.loader === undefined) throw noLoader(this.options.dialect);
    const load = driver.loader.bind(driver);
    return load(request, await this.lease.open());
  }

  /** All steps of a plan see what the ones before have written, temporary tables included. */
  private async onSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.lease.read(work);
  }

  private needed(step: string): Session {
    if (this.lease.session === undefined) {
      throw new SqError({
        kind: 'Internal',
        code: 'plan',
        message: `A plan asked for ${step} without begin.`,
      });
    }
    return this.lease.session;
  }
}

/** Config `query_group` is dbt-redshift's; other engines have none and leave it alone. */
function ownerOf({ unique_id, config }: CompiledNode): StatementOwner {
  const { query_group } = config as { query_group?: unknown };
  return { name: unique_id, ...(typeof query_group === 'string' && { queryGroup: query_group }) };
}

/** The CSV reader is loaded by projects that have seeds. */
export async function readSeedFile(request: SeedRequest): Promise<SeedFile> {
  const { readSeed } = await import('../materializations/seed/read-seed.ts');
  return readSeed(request);
}

/** A query of the same columns without rows. */
export function emptyQuery(sql: string): string {
  return `select * from (\n${sql}\n) as sq_columns where false limit 0`;
}

export function noLoader(dialect: Dialect): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'no-loader',
    message: `The ${dialect.type} adapter cannot load files (materialized: copy).`,
    hint: 'load the table by other means, or run this model on an engine that can: --target',
  });
}
