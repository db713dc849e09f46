/** `sq infra` as a person calls it: the built command against CloudFormation's and S3's protocols. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqCall } from './cli.ts';
import { CliProject } from './cli-project.ts';
import { CloudFormation } from './cloudformation.ts';
import { S3Server } from './s3-server.ts';

const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIAPLANTEDKEY',
  AWS_SECRET_ACCESS_KEY: 'planted-secret',
  AWS_REGION: 'us-west-2',
};

describe('sq infra', () => {
  let aws: CloudFormation;
  let s3: S3Server;
  let project: CliProject;
  const said: string[] = [];

  beforeAll(async () => {
    aws = await CloudFormation.start();
    s3 = await S3Server.start();
    project = new CliProject({ 'dbt_project.yml': 'name: spark_shop\nprofile: shop\n' });
  });
  afterAll(async () => {
    project.remove();
    await aws.stop();
    await s3.stop();
  });

  async function infra(args: string, more: Record<string, string> = {}): Promise<SqCall> {
    const call = await project.sq(`infra ${args}`, {
      ...KEYS,
      AWS_ENDPOINT_URL_CLOUDFORMATION: aws.endpoint,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...more,
    });
    said.push(call.stdout, call.stderr);
    return call;
  }
  /** Lines without the time of day. */
  const lines = ({ stdout }: SqCall) =>
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))
      .slice(1);

  it('up --dry-run tells what it would make, without credentials and without asking', async () => {
    const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: '' };
    const call = await infra('up --dry-run', without);
    expect(call.code, call.stdout).toBe(0);
    expect(lines(call)).toContain('  + Workgroup (AWS::RedshiftServerless::Workgroup)');
    expect(lines(call).at(-1)).toBe('AWS was not asked, and nothing was changed.');
    expect(aws.requests).toEqual([]);
  });

  it('status before: 1; down before: 0, nothing to do', async () => {
    const status = await infra('status');
    expect([status.code, lines(status)]).toEqual([
      1,
      ['sq-spark-shop does not exist. sq infra up makes it.'],
    ]);
    const down = await infra('down --yes');
    expect([down.code, lines(down)]).toEqual([
      0,
      ['sq-spark-shop does not exist: there is nothing to take down'],
    ]);
  });

  it('up with nobody to ask shows the change set and changes nothing', async () => {
    const call = await infra('up');
    expect(call.code).toBe(2);
    expect(lines(call)[0]).toBe('sq-spark-shop will be made of:');
    expect(lines(call).slice(-3)).toEqual([
      'Runtime Error',
      '  Nothing was changed: there is nobody to ask here.',
      '  hint: the same with --yes does it',
    ]);
    expect(aws.statusOf('sq-spark-shop')).toBeUndefined();
    expect(existsSync(join(project.dir, 'profiles.yml'))).toBe(false);
  });

  it('a permission that is missing: what was being done, AWS’s words, what to ask for; exit code 2', async () => {
    aws.inject({
      operation: 'CreateChangeSet',
      code: 'AccessDenied',
      status: 403,
      message: 'User: ann is not authorized to perform: cloudformation:CreateChangeSet',
    });
    const call = await infra('up --yes');
    expect(call.code).toBe(2);
    expect(lines(call)).toEqual([
      '[ERROR]: Encountered an error:',
      'Runtime Error',
      '  AWS refuses this (preparing the change set): User: ann is not authorized to perform: cloudformation:CreateChangeSet',
      '  hint: whoever runs sq infra needs cloudformation:CreateChangeSet; docs/infra.md lists all of them',
    ]);
  });

  it('up --yes makes the stack and writes the profile; a second time there is nothing to change', async () => {
    const call = await infra('up --yes');
    expect(call.code, call.stdout).toBe(0);
    expect(lines(call).slice(-2)).toEqual([
      `Written to ${join(project.dir, 'profiles.yml')}: target aws of profile shop. Try: sq debug --target aws`,
      'Load from s3://sparkify-data/raw/, unload to s3://sparkify-data/lake/',
    ]);
    const profile = project.read('profiles.yml');
    expect(profile).toContain('serverless_work_group: spark-shop');
    expect(profile).toContain('region: us-west-2');
    const again = await infra('up --yes');
    expect([again.code, lines(again)[0]]).toEqual([0, 'sq-spark-shop: no changes']);
    expect(project.read('profiles.yml')).toBe(profile);
    expect((await infra('status')).code).toBe(0);
  }, 120_000);

  it('down keeps data, until it is given up in so many words', async () => {
    s3.put('sparkify-data', 'raw/a.json', '{}');
    const kept = await infra('down --yes');
    expect(kept.code).toBe(2);
    expect(kept.stdout).toContain('sq-spark-shop stays: its bucket sparkify-data holds data (1 object).');
    expect(aws.statusOf('sq-spark-shop')).toBe('CREATE_COMPLETE');
    const gone = await infra('down --yes --delete-data');
    expect(gone.code, gone.stdout).toBe(0);
    expect(lines(gone).at(-1)).toBe('sq-spark-shop is gone');
    expect(s3.buckets.has('sparkify-data')).toBe(false);
  });

  it('there is no down without deeds: --dry-run is refused', async () => {
    const call = await infra('down --yes --dry-run');
    expect([call.code, call.stderr]).toEqual([2, expect.stringContaining("No such option '--dry-run'")]);
  });

  it('outside a project a name is needed', async () => {
    const empty = new CliProject({});
    const call = await empty.sq('infra up --dry-run');
    empty.remove();
    expect(call.code).toBe(2);
    expect(call.stdout).toContain('There is no project here whose name the stack could have.');
  });

  it('no key was printed by any of these', () => {
    expect(said.length).toBeGreaterThan(10);
    expect(said.join('\n')).not.toMatch(/planted-secret|AKIAPLANTEDKEY/);
  });
});
