/**
 * The statements that sq sends to Redshift for a project in a state of the warehouse: the real macros, plans
 * and runner, and a driver that writes down. What they are is kept in files that one can read.
 */
import { expect } from 'vitest';
import { withQueryGroups } from '../adapters/redshift/query-group.ts';
import type { ExecuteCommand } from '../execute/index.ts';
import { type RecordedWarehouse, recordingDriver } from './recording-driver.ts';
import { type RunOptions, TestProject } from './run-project.ts';
import { S3Server } from './s3-server.ts';

export interface Scenario {
  files: Record<string, string>;
  warehouse?: RecordedWarehouse;
  command?: ExecuteCommand;
  options?: RunOptions;
  /** More keys of the profile's output, YAML lines without indent. */
  profile?: string;
  /** Objects of the store that loads and UNLOAD look at, by `bucket/key`. */
  objects?: Readonly<Record<string, string>>;
}

const RUN_ID = /(__sq_(?:stage|tmp)_)[0-9a-f]{8}/g;
/** The ledger names the run that has loaded a file. */
const LEDGER_ID = /'[0-9a-f]{8}'( as varchar\(64\)\) as "run_id")/;
/** What sq uploads for a load lies in a folder of its own. */
const LOAD_ID = /(s3:\/\/[^']*-)[0-9a-f]{8}\//g;

/** Statements of the nodes in order: without the listing of relations and schemas and the guard of the run (drivers.sql has those), run ids as `00c0ffee`. */
export async function statementsOf(scenario: Scenario): Promise<string[]> {
  const s3 = scenario.objects === undefined ? undefined : await S3Server.start();
  for (const [path, body] of Object.entries(scenario.objects ?? {}))
    s3?.put(path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1), body);
  const store =
    s3 === undefined
      ? ''
      : `region: eu-west-1\naccess_key_id: AKIATEST\nsecret_access_key: secret\nendpoints: {s3: '${s3.endpoint}'}\n`;
  const extra = (store + (scenario.profile ?? ''))
    .split('\n')
    .map((line) => (line === '' ? '' : `      ${line}\n`));
  const project = new TestProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop:\n  target: prod\n  outputs:\n    prod:\n      type: redshift\n      host: shop.abc.eu-west-1.redshift.amazonaws.com\n      user: etl\n      password: not-used\n      dbname: dev\n      schema: mart\n${extra.join('')}`,
    ...scenario.files,
  });
  try {
    const driver = recordingDriver({ schemas: ['mart'], ...scenario.warehouse });
    const { outcome } = await project.run(scenario.command ?? 'run', {
      ...scenario.options,
      // loads and unloads are the adapter's own, on the session that writes down
      through: (opened) =>
        withQueryGroups(
          { ...driver, loader: opened.loader?.bind(opened), unload: opened.unload?.bind(opened) },
          /query_group: (\w+)/.exec(scenario.profile ?? '')?.[1],
        ),
    });
    const failed = outcome.results.filter(({ status }) => status === 'error');
    expect(failed.map(({ unique_id, message }) => `${unique_id}: ${message}`)).toEqual([]);
    return driver.sent
      .filter((sql) => !/\bfrom pg_catalog\.pg_(?:class|namespace)\b|__sq_run_on_/.test(sql))
      .map((sql) =>
        sql
          .replaceAll(RUN_ID, '$100c0ffee')
          .replaceAll(LOAD_ID, '$100c0ffee/')
          .replace(LEDGER_ID, "'00c0ffee'$1"),
      );
  } finally {
    project.remove();
    await s3?.stop();
  }
}

/** A corpus file: each scenario under its name, each statement ended by `;` on a line of its own. */
export function corpusText(parts: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(parts)
    .map(([name, statements]) => [`-- ${name}`, ...statements.map((sql) => `${sql}\n;`)].join('\n'))
    .join('\n\n')
    .concat('\n');
}
