/**
 * Answers a plan's steps without writing: statements are noted, reads are done where their answer is already
 * true, and what depends on data that is not built yet ends the plan with a line that says so.
 */
import type { Dialect, ExecResult, Session } from '../adapters/contract.ts';
import { dryRunAnswer, type UnloadRequest } from '../adapters/loader-contract.ts';
import type { Compiler } from '../compile/contract.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import type { AuditVerdict, Step } from '../materializations/contract.ts';
import { columnsOn } from './inspector.ts';
import { hooksOf, renderHook } from './node-hooks.ts';
import { emptyQuery, noLoader, readSeedFile } from './plan-steps.ts';
import type { Warehouse } from './warehouse.ts';

export interface DryRunOptions {
  node: CompiledNode;
  sql: string;
  compiler: Compiler;
  dialect: Dialect;
  warehouse: Warehouse;
  /** Names of the tests that guard the node. */
  guards: readonly string[];
  /** Something the node reads would be built before it in this run. */
  readsUnbuilt: boolean;
  /** Where what would be sent is noted. */
  statements: string[];
}

/** Thrown into a plan whose next statement nobody can know yet. */
export class DecidedAtRunTime extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'DecidedAtRunTime';
  }
}

export class DryRunSteps {
  private readonly extra: Readonly<Record<string, unknown>>;

  constructor(private readonly options: DryRunOptions) {
    this.extra = { sql: options.sql, compiled_code: options.sql };
  }

  async answer(step: Step): Promise<unknown> {
    const { options } = this;
    switch (step.kind) {
      case 'macro': {
        const value = await options.compiler.callMacro(step.name, step.args, options.node, {
          extra: this.extra,
        });
        return typeof value === 'string' ? value.trim() : value;
      }
      case 'columns':
        return this.columns(step.relation);
      case 'query-columns':
        return this.queryColumns(step.sql);
      case 'query':
        return this.query(step.sql, step.reason);
      case 'run':
        return step.statements.map(({ sql }) => this.note(sql));
      case 'begin':
      case 'commit':
      case 'rollback':
        this.note(step.kind);
        return undefined;
      case 'hooks':
        for (const hook of hooksOf(options.node, step)) {
          const sql = await renderHook(options.compiler, options.node, hook, this.extra);
          if (sql !== '') this.note(sql);
        }
        return undefined;
      case 'audit':
        return this.audit(step.relation);
      case 'cache':
        for (const rel of step.dropped ?? []) options.warehouse.relations.dropped(rel);
        for (const rel of step.added ?? []) options.warehouse.relations.added(rel);
        return undefined;
      case 'loader':
        return this.load(step.request);
      case 'fill':
        return false;
      case 'unload':
        return this.unload(step.request);
      case 'seed':
        return readSeedFile(step.request);
      case 'notice':
      case 'warning':
        this.note(`-- ${step.msg}`);
        return undefined;
    }
  }

  private note(sql: string): ExecResult {
    this.options.statements.push(sql);
    return { rowsAffected: null, message: 'DRY RUN' };
  }

  /** What the plan itself would have made has the columns of the node's query. */
  private async columns(rel: Relation): Promise<Column[]> {
    const found = await this.onSession((session) =>
      columnsOn(session, this.options.dialect, rel, this.options.warehouse.relations.database),
    );
    if (found.length > 0) return found;
    const name = renderRelation(rel);
    if (this.options.statements.some((sql) => sql.includes(name))) return this.queryColumns(this.options.sql);
    if ((await this.options.warehouse.relations.find(rel)) === null) return [];
    throw new DecidedAtRunTime(`${name} is not built yet, so its columns are not known`);
  }

  private async queryColumns(sql: string): Promise<Column[]> {
    try {
      const { columns } = await this.onSession((session) => session.query(emptyQuery(sql)));
      return columns.map(({ name, type }) => ({ name, dataType: type }));
    } catch (error) {
      if (!this.options.dialect.readError(error).missing) throw error;
      throw new DecidedAtRunTime('the query reads what is not built yet, so its columns are not known');
    }
  }

  private async query(sql: string, reason: string): Promise<unknown[][]> {
    if (this.options.readsUnbuilt || this.options.statements.length > 0) throw new DecidedAtRunTime(reason);
    const { rows } = await this.onSession((session) => session.query(sql));
    return rows;
  }

  private audit(rel: Relation): AuditVerdict {
    const { guards } = this.options;
    this.note(`-- test ${renderRelation(rel)}: ${guards.join(', ')}`);
    return { passed: true, failures: [] };
  }

  private async load(request: Extract<Step, { kind: 'loader' }>['request']): Promise<unknown> {
    if (request.kind === 'load') {
      for (const sql of request.statements) this.note(sql);
      return dryRunAnswer();
    }
    const { driver } = this.options.warehouse;
    if (driver.loader === undefined) throw noLoader(this.options.dialect);
    const load = driver.loader.bind(driver);
    return this.onSession((session) => load(request, session));
  }

  private async unload(request: UnloadRequest): Promise<unknown> {
    const { driver } = this.options.warehouse;
    const answer = await this.onSession(async (session) =>
      driver.unload?.({ ...request, preview: true }, session),
    );
    for (const sql of answer?.statements ?? []) this.note(sql);
    return answer;
  }

  private onSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.options.warehouse.driver.session({ name: this.options.node.unique_id }, work);
  }
}
