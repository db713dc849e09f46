/** A run that is killed between two steps: readers are never without the table, the next run is as ever. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Driver, Session } from '../adapters/contract.ts';
import { adapter } from '../adapters/duckdb/index.ts';
import { createInvocation } from '../invocation.ts';
import { type Relation, type RelationType, relation, relationKey } from '../manifest/relation.ts';
import { PASSED, planNode, spellMacro } from '../testing/drive-plan.ts';
import type { AuditVerdict, Materialization, PlanState, Step } from './contract.ts';
import { incremental } from './incremental.ts';
import { table } from './table.ts';
import { view } from './view.ts';

const drivers: Driver[] = [];
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.close();
});

async function openMemory(): Promise<Driver> {
  const invocation = createInvocation({ env: {} });
  const context = { projectDir: '/', projectName: 'p', profileName: 'p', targetName: 't', invocation };
  const driver = await adapter.open(adapter.settings({}, context), {
    invocation,
    projectDir: '/',
    threads: 1,
    readOnly: false,
  });
  drivers.push(driver);
  return driver;
}

const owner = { name: 'model.shop.a' };
const rows = (driver: Driver, sql: string) =>
  driver.session(owner, async (session) => (await session.query(sql)).rows);

async function standing(driver: Driver): Promise<Relation[]> {
  const listed = await rows(driver, adapter.dialect.listRelationsSql('memory', ['main']));
  return listed.map(([database, schema, name, type]) =>
    relation(String(database), String(schema), String(name), { type: String(type) as RelationType }),
  );
}

interface Run {
  materialization: Materialization;
  audited: boolean;
  verdict: AuditVerdict;
  runId: string;
  /** Kill it before the step of this number. */
  killBefore?: number;
}

/** Answers whether the plan came to its end. */
async function carryOut(driver: Driver, run: Run): Promise<boolean> {
  const found = await standing(driver);
  const lookup = (wanted: Relation) => found.find((one) => relationKey(one) === relationKey(wanted)) ?? null;
  const target = relation('memory', 'main', 'a');
  const state: PlanState = {
    existing: lookup(target),
    fullRefresh: false,
    audited: run.audited,
    runId: run.runId,
    isOverridden: () => false,
    dialect: adapter.dialect,
    lookup,
    startingWith: (prefix) => found.filter((one) => one.identifier?.startsWith(prefix)),
  };
  const input = { ...planNode('a', "select 'new' as v"), target };
  return driver.session(owner, async (session) => {
    const plan = run.materialization.plan(input, state);
    let next = plan.next();
    for (let step = 0; next.done !== true; step++) {
      if (step === run.killBefore) return false;
      next = plan.next(await answer(next.value, session, run));
    }
    return true;
  });
}

async function answer(step: Step, session: Session, run: Run): Promise<unknown> {
  switch (step.kind) {
    case 'macro':
      return spellMacro(step.name, step.args);
    case 'columns':
      return [{ name: 'v', dataType: 'VARCHAR' }];
    case 'query-columns':
      return [{ name: 'v', dataType: 'VARCHAR' }];
    case 'query':
      return (await session.query(step.sql)).rows;
    case 'audit':
      return run.verdict;
    case 'begin':
      return session.begin();
    case 'commit':
      return session.commit();
    case 'rollback':
      return session.rollback();
    case 'run': {
      const several = step.statements.length > 1 && !session.inTransaction;
      if (several) await session.begin();
      const results = [];
      for (const { sql } of step.statements) results.push(await session.execute(sql));
      if (several) await session.commit();
      return results;
    }
    default:
      return undefined;
  }
}

const refused: AuditVerdict = {
  passed: false,
  failures: [{ uniqueId: 't', name: 'unique_a_v', failures: 1, sql: "select 'new' as v" }],
};
const old = (kind: 'table' | 'view') => `create ${kind} a as select 'old' as v`;

describe.each<[string, Materialization, 'table' | 'view']>([
  ['a table', table, 'table'],
  ['a view', view, 'view'],
  ['a table where a view stood', table, 'view'],
  ['an incremental model', incremental, 'table'],
])('%s that is killed before any step', (_, materialization, stood) => {
  it.each([
    [false, PASSED],
    [true, PASSED],
    [true, refused],
  ])('audited %s, tests %j', async (audited, verdict) => {
    for (let killBefore = 0; ; killBefore++) {
      const driver = await openMemory();
      await driver.batch([old(stood)], owner);
      const ended = await carryOut(driver, {
        materialization,
        audited,
        verdict,
        runId: 'dead0000',
        killBefore,
      });
      // whoever reads now finds the old rows or the new ones, never nothing
      const served = (await rows(driver, 'select v from a order by v')).flat();
      expect(served.length).toBeGreaterThan(0);
      if (!verdict.passed) expect(served).toEqual(['old']);

      await carryOut(driver, { materialization, audited, verdict: PASSED, runId: 'beef0000' });
      expect((await standing(driver)).map((one) => one.identifier)).toEqual(['a']);
      expect((await rows(driver, 'select v from a')).flat()).toContain('new');
      await driver.close();
      if (ended) break;
    }
  });
});
