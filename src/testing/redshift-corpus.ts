/**
 * The statements that sq sends to Redshift for a project in a state of the warehouse: the real macros, plans
 * and runner, and a driver that writes down. What they are is kept in files that one can read.
 */
import { expect } from 'vitest';
import type { ExecuteCommand } from '../execute/index.ts';
import { type RecordedWarehouse, recordingDriver } from './recording-driver.ts';
import { type RunOptions, TestProject } from './run-project.ts';

export interface Scenario {
  files: Record<string, string>;
  warehouse?: RecordedWarehouse;
  command?: ExecuteCommand;
  options?: RunOptions;
  /** More keys of the profile's output, YAML lines without indent. */
  profile?: string;
}

const RUN_ID = /(__sq_(?:stage|tmp)_)[0-9a-f]{8}/g;

/** Statements of the nodes in order: without the listing of relations and schemas, run ids as `00c0ffee`. */
export async function statementsOf(scenario: Scenario): Promise<string[]> {
  const extra = (scenario.profile ?? '').split('\n').map((line) => (line === '' ? '' : `      ${line}\n`));
  const project = new TestProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop:\n  target: prod\n  outputs:\n    prod:\n      type: redshift\n      host: shop.abc.eu-west-1.redshift.amazonaws.com\n      user: etl\n      password: not-used\n      dbname: dev\n      schema: mart\n${extra.join('')}`,
    ...scenario.files,
  });
  try {
    const driver = recordingDriver({ schemas: ['mart'], ...scenario.warehouse });
    const { outcome } = await project.run(scenario.command ?? 'run', { ...scenario.options, driver });
    const failed = outcome.results.filter(({ status }) => status === 'error');
    expect(failed.map(({ unique_id, message }) => `${unique_id}: ${message}`)).toEqual([]);
    return driver.sent
      .filter((sql) => !/\bfrom pg_catalog\.pg_(?:class|namespace)\b/.test(sql))
      .map((sql) => sql.replaceAll(RUN_ID, '$100c0ffee'));
  } finally {
    project.remove();
  }
}

/** A corpus file: each scenario under its name, each statement ended by `;` on a line of its own. */
export function corpusText(parts: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(parts)
    .map(([name, statements]) => [`-- ${name}`, ...statements.map((sql) => `${sql}\n;`)].join('\n'))
    .join('\n\n')
    .concat('\n');
}
