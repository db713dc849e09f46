/** The guards of a node: run where the node is staged, and told when they refuse it. */
import type { Session } from '../adapters/contract.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, relationKey } from '../manifest/relation.ts';
import type { AuditVerdict } from '../materializations/contract.ts';
import type { NodeResult } from './contract.ts';
import type { RunState } from './run-state.ts';
import type { Slot } from './scheduler.ts';
import { runTest, type TestDone } from './test-node.ts';

export class Audit {
  /** True once the plan has asked for it. */
  ran = false;
  readonly results: NodeResult[] = [];
  private readonly failures: AuditVerdict['failures'] = [];
  private readonly held: (() => void)[] = [];
  private isHeld: boolean;

  constructor(
    private readonly run: RunState,
    private readonly node: CompiledNode,
    private readonly guards: readonly string[],
    private readonly slot: Slot,
  ) {
    this.isHeld = run.invocation.flags.logFormat === 'json';
  }

  /**
   * Runs the guards on the staged relation: at the same time where it stands beside, one after another on
   * the session where it is written in an open transaction.
   */
  async verdict(staged: Relation, session: Session | undefined): Promise<AuditVerdict> {
    this.ran = true;
    if (session === undefined)
      await this.slot.expand(this.guards, (id, slot) => this.one(id, slot, staged, undefined));
    else for (const id of this.guards) await this.one(id, this.slot.number, staged, session);
    const broken = this.results.filter((result) => result.status === 'error' || result.status === 'skipped');
    // what is staged beside is kept as rejected; a transaction may be of no more use to anybody
    if (broken.length > 0 && session !== undefined) throw this.undecided(broken);
    return { passed: this.failures.length === 0, failures: this.failures };
  }

  /**
   * Tells what programs must not hear before the node's own result: Dagster refuses a check of a table that it does
   * not know yet.
   */
  tellHeld(): void {
    for (const tell of this.held.splice(0)) tell();
    this.isHeld = false;
  }

  /** Runs the guards as usual tests on what has been published: the plan had nothing to stage. */
  async afterPublish(): Promise<readonly NodeResult[]> {
    await this.slot.expand(this.guards, (id, slot) => this.one(id, slot, undefined, undefined));
    return this.results;
  }

  /** What the node's result says when it was refused: the plan's own sentence. */
  refusal(message: string): SqError {
    return new SqError({ kind: 'Runtime', code: 'audit', message, node: nameOf(this.node) });
  }

  /** A test that could not run has not passed, and has no rows to show either. */
  private undecided(broken: readonly NodeResult[]): SqError {
    const { manifest } = this.run.request;
    const names = broken.map((result) => manifest.index.get(result.unique_id)?.name ?? result.unique_id);
    const tests = names.length === 1 ? `test ${names[0]}` : `tests ${names.join(', ')}`;
    return new SqError({
      kind: 'Runtime',
      code: 'audit-undecided',
      message: `${this.node.name} was not published: ${tests} could not run`,
      node: nameOf(this.node),
      hint: 'the error of the test says why',
    });
  }

  private async one(
    id: string,
    slot: number,
    staged: Relation | undefined,
    session: Session | undefined,
  ): Promise<void> {
    const { run } = this;
    const test = run.request.manifest.get(id) as CompiledNode;
    const hold = this.isHeld ? { hold: (tell: () => void) => void this.held.push(tell) } : {};
    const done = await runTest(run, test, { slot, session, ...hold, ...this.reading(staged) });
    this.results.push(done.result);
    if (done.result.status !== 'pass' && done.result.status !== 'warn')
      this.failures.push(failureOf(test, done));
  }

  /** Only where the node stands elsewhere than under its own name. */
  private reading(staged: Relation | undefined) {
    const { run, node } = this;
    const target = run.request.compiler.relationOf(node);
    if (staged === undefined || relationKey(staged) === relationKey(target)) return {};
    const from = staged.identifier as string;
    return {
      resolve: (uniqueId: string) =>
        uniqueId === node.unique_id ? ({ kind: 'relation', relation: staged } as const) : undefined,
      published: (sql: string) => sql.replaceAll(from, target.identifier as string),
    };
  }
}

function failureOf(test: CompiledNode, { result, sql }: TestDone): AuditVerdict['failures'][number] {
  const broken = result.status !== 'fail';
  return {
    uniqueId: test.unique_id,
    name: test.name,
    failures: result.failures ?? 0,
    sql,
    ...(broken && { broken }),
  };
}

function nameOf({ resource_type: resourceType, name, original_file_path: path }: CompiledNode) {
  return { resourceType, name, path };
}
