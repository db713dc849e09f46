/** `sq infra` against CloudFormation's protocol: what is asked, said, refused and repeated. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SqError } from '../errors.ts';
import { createInvocation } from '../invocation.ts';
import { CloudFormation } from '../testing/cloudformation.ts';
import { S3Server } from '../testing/s3-server.ts';
import type { InfraOptions } from './contract.ts';
import { describeUp, down, status, up, writeProfile } from './index.ts';
import { templateResources, templateText } from './template.ts';

let aws: CloudFormation;
let s3: S3Server;
let said: string[];
const before = { ...process.env };

beforeEach(async () => {
  aws = await CloudFormation.start();
  s3 = await S3Server.start();
  said = [];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDFORMATION: aws.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'planted-secret',
    AWS_REGION: 'us-west-2',
  });
});
afterEach(async () => {
  process.env = { ...before };
  await aws.stop();
  await s3.stop();
});

function options(answer = true): InfraOptions & { baseCapacity: undefined; maxCapacity: undefined } {
  return {
    invocation: createInvocation({ env: {} }),
    name: 'sparkify',
    region: 'us-west-2',
    say: (line) => said.push(line),
    confirm: async () => answer,
    poll: 1,
    baseCapacity: undefined,
    maxCapacity: undefined,
  };
}

const goingDown = (more: Partial<Parameters<typeof down>[0]> = {}) => ({
  ...options(),
  deleteData: false,
  finalSnapshot: true,
  ...more,
});

/** The whole message, as a person reads it. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SqError) return `${error.message}\n-> ${error.hint}`;
    throw error;
  }
  throw new Error('it was not refused');
}

const OUTPUTS = {
  Workgroup: 'sparkify',
  Database: 'sq',
  DataBucket: 'sparkify-data',
  LakeDatabase: 'sparkify_lake',
  LoadRoleArn: 'arn:aws:iam::123456789012:role/sq-sparkify-LoadRole',
};

describe('up', () => {
  it('shows what will be made, makes it, and tells what happens', async () => {
    expect(await up(options())).toEqual(OUTPUTS);
    const resources = templateResources();
    expect(said.slice(0, resources.length + 1)).toEqual([
      'sq-sparkify will be made of:',
      ...resources.map(({ id, type }) => `  + ${id} (${type})`),
    ]);
    const events = said.slice(resources.length + 1);
    expect(events[0]).toBe('  CREATE_IN_PROGRESS       sq-sparkify (AWS::CloudFormation::Stack)');
    expect(events.at(-1)).toBe('  CREATE_COMPLETE          sq-sparkify (AWS::CloudFormation::Stack)');
    expect(events).toHaveLength(2 + 2 * resources.length);
  });

  it('says “no changes” the second time, and changes nothing', async () => {
    await up(options());
    said = [];
    expect(await up(options())).toEqual(OUTPUTS);
    expect(said).toEqual(['sq-sparkify: no changes']);
    expect(aws.requests.filter((one) => one === 'ExecuteChangeSet')).toHaveLength(1);
  });

  it('changes what is another now', async () => {
    await up(options());
    said = [];
    await up({ ...options(), maxCapacity: 32 });
    expect(said.slice(0, 2)).toEqual([
      'What will change in sq-sparkify:',
      '  ~ Workgroup (AWS::RedshiftServerless::Workgroup)',
    ]);
    expect(aws.statusOf('sq-sparkify')).toBe('UPDATE_COMPLETE');
  });

  it('changes nothing when the person says no, and leaves no empty stack', async () => {
    expect(await up(options(false))).toBeUndefined();
    expect(said.at(-1)).toBe('Nothing was changed.');
    expect(aws.requests).not.toContain('ExecuteChangeSet');
    expect(aws.statusOf('sq-sparkify')).toBeUndefined();
    await up(options());
    await up({ ...options(false), maxCapacity: 32 });
    expect(aws.statusOf('sq-sparkify')).toBe('CREATE_COMPLETE');
  });

  it('the same where there is nobody to ask', async () => {
    const nobody = async () => {
      throw new SqError({ kind: 'Runtime', code: 'infra-confirm', message: 'nobody is here' });
    };
    expect(await refusal(up({ ...options(), confirm: nobody }))).toMatch(/^nobody is here/);
    expect(aws.requests.slice(-2)).toEqual(['DeleteChangeSet', 'DeleteStack']);
    expect(aws.statusOf('sq-sparkify')).toBeUndefined();
  });

  it.each([
    [
      { baseCapacity: 12 },
      'Redshift Serverless has no base capacity of 12 RPU.\n-> --base-capacity is one of 4, 8, 16, 24, 32, 64, 128',
    ],
    [
      { baseCapacity: 32 },
      'The most that may be used at once (16 RPU) is less than the base capacity (32 RPU).\n-> say --max-capacity 32, or more',
    ],
  ])('refuses sizes that there are not: %j', async (sizes, text) => {
    const asked = { ...options(), ...sizes } as Parameters<typeof up>[0];
    expect(await refusal(up(asked))).toBe(text);
    expect(await refusal(Promise.resolve().then(() => describeUp(asked)))).toBe(text);
    expect(aws.requests).not.toContain('CreateChangeSet');
  });

  it('offers the sizes of the template', () => {
    const { Parameters: known } = parse(templateText(), { logLevel: 'silent' });
    expect(known.BaseCapacity.AllowedValues).toEqual([4, 8, 16, 24, 32, 64, 128]);
  });

  it('names the resource that failed, and the next call clears it away and succeeds', async () => {
    aws.broken = { resource: 'Workgroup', reason: 'not enough free addresses in the subnets' };
    expect(await refusal(up(options()))).toBe(
      'sq-sparkify could not be changed: Workgroup: not enough free addresses in the subnets\n' +
        'Everything this change had made was taken back.\n' +
        '-> remove the cause, then the same command again',
    );
    expect(aws.statusOf('sq-sparkify')).toBe('ROLLBACK_COMPLETE');
    aws.broken = undefined;
    said = [];
    expect(await up(options())).toEqual(OUTPUTS);
    expect(said[0]).toBe('sq-sparkify is what a creation that failed has left; clearing it away:');
  });

  it('goes on when requests are throttled and connections lost, and executes once', async () => {
    aws.inject({ operation: 'DescribeStacks', code: 'Throttling', message: 'Rate exceeded' });
    aws.inject({ operation: 'CreateChangeSet' });
    aws.inject({ operation: 'ExecuteChangeSet', after: true });
    aws.inject({ operation: 'DescribeStackEvents' });
    expect(await up(options())).toEqual(OUTPUTS);
    expect(aws.statusOf('sq-sparkify')).toBe('CREATE_COMPLETE');
    expect(said.filter((line) => line.includes('CREATE_COMPLETE          sq-sparkify'))).toHaveLength(1);
  });

  it('watches a change that an earlier call began and was cut off from', async () => {
    const stop = new AbortController();
    const cut = { ...options(), invocation: createInvocation({ env: {}, signal: stop.signal }) };
    cut.say = (line) => {
      said.push(line);
      if (line.includes('CREATE_IN_PROGRESS')) stop.abort();
    };
    expect(await refusal(up(cut))).toBe(
      'Interrupted. What CloudFormation has begun with sq-sparkify goes on.\n' +
        '-> sq infra status shows how far it is; the same command again goes on watching',
    );
    said = [];
    expect(await up(options())).toEqual(OUTPUTS);
    expect(said[0]).toBe('sq-sparkify is being changed already (CREATE_IN_PROGRESS); watching that first:');
    expect(said.at(-1)).toBe('sq-sparkify: no changes');
  });

  it('leaves a stack of somebody else alone', async () => {
    aws.addForeign('sq-sparkify');
    expect(await refusal(up(options()))).toBe(
      'There is a stack sq-sparkify that sq did not make (it has no tag made-by: sq). It is left alone.\n' +
        '-> choose another --name',
    );
  });

  it('says which permission is missing', async () => {
    aws.inject({
      operation: 'CreateChangeSet',
      code: 'AccessDenied',
      status: 403,
      message:
        'User: arn:aws:iam::123456789012:user/ann is not authorized to perform: cloudformation:CreateChangeSet',
    });
    expect(await refusal(up(options()))).toBe(
      'AWS refuses this (preparing the change set): User: arn:aws:iam::123456789012:user/ann is not authorized to perform: cloudformation:CreateChangeSet\n' +
        '-> whoever runs sq infra needs cloudformation:CreateChangeSet; docs/infra.md lists all of them',
    );
  });

  it.each([
    [
      { code: 'ExpiredToken', status: 403, message: 'The security token included in the request is expired' },
      'The AWS credentials have expired (looking for the stack).\n-> sign in again (aws sso login), then the same command',
    ],
    [
      { code: 'InvalidClientTokenId', status: 403, message: 'The security token is invalid' },
      'AWS does not accept these credentials (looking for the stack): The security token is invalid\n-> look at AWS_PROFILE and the keys it names',
    ],
  ])('says what is wrong with the credentials: $code', async (fault, text) => {
    aws.inject({ operation: 'DescribeStacks', ...fault });
    expect(await refusal(up(options()))).toBe(text);
  });

  it('prints no credential, whatever happens', async () => {
    aws.broken = { resource: 'Workgroup', reason: 'no' };
    const text = await refusal(up(options()));
    expect([...said, text].join('\n')).not.toContain('planted-secret');
  });

  it('tells what it would make without asking AWS', () => {
    describeUp(options());
    expect(said.at(-1)).toBe('AWS was not asked, and nothing was changed.');
    expect(said).toContain('  + Workgroup (AWS::RedshiftServerless::Workgroup)');
    expect(aws.requests).toEqual([]);
  });
});

describe('status', () => {
  it('does not tell of a stack of somebody else', async () => {
    aws.addForeign('sq-sparkify');
    expect(await status(options())).toBe(false);
    expect(said).toEqual([
      'There is a stack sq-sparkify that sq did not make (it has no tag made-by: sq). It is left alone.',
    ]);
  });

  it('tells whether there is a stack, what it gives out and whether its bucket holds data', async () => {
    expect(await status(options())).toBe(false);
    expect(said).toEqual(['sq-sparkify does not exist. sq infra up makes it.']);
    await up(options());
    s3.put('sparkify-data', 'raw/a.json', '{}');
    said = [];
    expect(await status(options())).toBe(true);
    expect(said).toEqual([
      'sq-sparkify: CREATE_COMPLETE',
      ...Object.entries(OUTPUTS).map(([key, value]) => `  ${key.padEnd(14)} ${value}`),
      expect.stringMatching(/^ {2}FinalSnapshot {2}sparkify-\d{14}$/),
      '  the bucket holds data',
    ]);
  });
});

describe('down', () => {
  it('old versions are data too: the files of a deletion that was a mistake', async () => {
    await up(options());
    s3.buckets.set('sparkify-data', new Map());
    s3.oldVersions.add('raw/a.json');
    expect(await refusal(down(goingDown()))).toBe(
      'sq-sparkify stays: its bucket sparkify-data holds data (1 old version).\n' +
        '-> copy what you need (aws s3 sync s3://sparkify-data .), then sq infra down --delete-data',
    );
    expect(await down(goingDown({ deleteData: true }))).toBe(true);
    expect(s3.buckets.has('sparkify-data')).toBe(false);
  });

  it('says what is left when S3 does not empty the bucket, instead of asking for ever', async () => {
    await up(options());
    s3.put('sparkify-data', 'raw/a.json', '{}');
    s3.locked.add('raw/a.json');
    expect(await refusal(down(goingDown({ deleteData: true })))).toBe(
      'sq-sparkify is gone, and its bucket sparkify-data is left: S3 does not delete s3://sparkify-data/raw/a.json: AccessDenied: Access Denied\n' +
        "-> whoever empties the bucket needs s3:DeleteObject and s3:DeleteObjectVersion on it; then empty and delete s3://sparkify-data in S3's console",
    );
  });

  it('tries again after a deletion that failed', async () => {
    await up(options());
    aws.broken = { resource: 'Vpc', reason: 'a network interface is still in use' };
    expect(await refusal(down(goingDown()))).toBe(
      'sq-sparkify could not be changed: Vpc: a network interface is still in use\n' +
        'The stack is left as DELETE_FAILED.\n' +
        '-> remove the cause, then the same command again',
    );
    aws.broken = undefined;
    expect(await down(goingDown())).toBe(true);
    expect(aws.statusOf('sq-sparkify')).toBeUndefined();
  });

  it('does not delete data that was not given up', async () => {
    await up(options());
    s3.put('sparkify-data', 'raw/a.json', '{}');
    expect(await refusal(down(goingDown()))).toBe(
      'sq-sparkify stays: its bucket sparkify-data holds data (1 object).\n' +
        '-> copy what you need (aws s3 sync s3://sparkify-data .), then sq infra down --delete-data',
    );
    expect(aws.requests).not.toContain('DeleteStack');
    expect(await down(goingDown({ confirm: async () => false, deleteData: true }))).toBe(false);
    expect(s3.buckets.get('sparkify-data')?.size).toBe(1);
  });

  it('takes everything down with --delete-data, the bucket last; the second time there is nothing', async () => {
    await up(options());
    s3.put('sparkify-data', 'raw/a.json', '{}');
    said = [];
    expect(await down(goingDown({ deleteData: true }))).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(
        /^The warehouse is deleted; its tables stay for 30 days as the snapshot sparkify-\d{14}\.$/,
      ),
      'The bucket sparkify-data is deleted with all that is in it.',
      '  DELETE_IN_PROGRESS       sq-sparkify (AWS::CloudFormation::Stack)',
      '  DELETE_COMPLETE          sq-sparkify (AWS::CloudFormation::Stack)',
      'sq-sparkify is gone',
    ]);
    expect(s3.buckets.has('sparkify-data')).toBe(false);
    said = [];
    expect(await down(goingDown())).toBe(true);
    expect(said).toEqual(['sq-sparkify does not exist: there is nothing to take down']);
  });

  it('forgets the snapshot first when none is wanted', async () => {
    await up(options());
    said = [];
    await down(goingDown({ finalSnapshot: false }));
    expect(said[0]).toBe('The warehouse is deleted with its tables; no snapshot is kept.');
    expect(said).toContain('  UPDATE_COMPLETE          sq-sparkify (AWS::CloudFormation::Stack)');
    expect(aws.statusOf('sq-sparkify')).toBeUndefined();
  });
});

describe('profiles.yml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sq-infra-'));
    return () => rmSync(folder, { recursive: true, force: true });
  });
  const file = (target: string) => ({
    path: join(folder, 'profiles.yml'),
    profile: 'sparkify',
    target,
    region: 'us-west-2',
  });

  it('is made where there is none', () => {
    writeProfile(file('aws'), OUTPUTS);
    expect(readFileSync(file('aws').path, 'utf8')).toBe(
      `sparkify:
  target: aws
  outputs:
    aws:
      type: redshift
      driver: data_api
      method: iam
      serverless_work_group: sparkify
      dbname: sq
      region: us-west-2
      schema: dbt_{{ env_var('USER', 'dev') }}
      threads: 4
      s3_staging_dir: s3://sparkify-data/lake/.sq/
`,
    );
  });

  it('names the region that an AWS profile has chosen', () => {
    const Endpoint = 'sparkify.123456789012.eu-west-1.redshift-serverless.amazonaws.com';
    writeProfile({ ...file('aws'), region: undefined }, { ...OUTPUTS, Endpoint });
    expect(readFileSync(file('aws').path, 'utf8')).toContain('      region: eu-west-1\n');
  });

  it('keeps what a person wrote, comments too', () => {
    const text = '# mine\nsparkify:\n  target: dev # daily\n  outputs:\n    dev: {type: duckdb}\n';
    writeFileSync(file('aws').path, text);
    writeProfile(file('aws'), OUTPUTS);
    const written = readFileSync(file('aws').path, 'utf8');
    expect(written).toContain('# mine\nsparkify:\n  target: dev # daily\n');
    expect(written).toContain('    dev: { type: duckdb }\n    aws:\n      type: redshift\n');
  });

  it('is left alone when it is no mapping', () => {
    writeFileSync(file('aws').path, '- a\n');
    expect(() => writeProfile(file('aws'), OUTPUTS)).toThrow(
      /is not a mapping of profiles: nothing was written to it/,
    );
    expect(readFileSync(file('aws').path, 'utf8')).toBe('- a\n');
  });
});
