/** The profile that reaches the stack, written into profiles.yml; what a person wrote there stays as it is. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Document, isMap, parseDocument } from 'yaml';
import { SqError } from '../errors.ts';
import type { Outputs } from './contract.ts';

export interface ProfileFile {
  path: string;
  profile: string;
  /** Name of the output. */
  target: string;
  /** As it was asked for; absent: that of the stack's endpoint. */
  region: string | undefined;
}

/** The region that an AWS profile chose is nobody's variable: the profile must name it, or another would be asked. */
function regionOf({ Endpoint = '' }: Outputs): string | undefined {
  return /\.([a-z0-9-]+)\.redshift-serverless\./.exec(Endpoint)?.[1];
}

/**
 * Adds or replaces one output; the profile's `target` is set only where there was no profile. Nothing in it is a
 * secret: the Data API takes the caller's own AWS identity. Throws SqError for a file that is no YAML mapping.
 */
export function writeProfile({ path, profile, target, region }: ProfileFile, outputs: Outputs): void {
  const document = existsSync(path) ? parseDocument(readFileSync(path, 'utf8')) : new Document({});
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) {
    throw new SqError({
      kind: 'Runtime',
      code: 'profiles-file',
      message: `${path} is not a mapping of profiles: nothing was written to it.`,
      hint: `mend it, or write the output by hand:\n${new Document({ [target]: outputOf(outputs, region) }).toString()}`,
    });
  }
  if (document.contents === null) document.contents = new Document({}).contents as never;
  if (!document.hasIn([profile])) document.setIn([profile, 'target'], target);
  document.setIn([profile, 'outputs', target], document.createNode(outputOf(outputs, region)));
  const beside = `${path}.${process.pid}.tmp`;
  // it may hold passwords of other targets
  writeFileSync(beside, document.toString(), { mode: 0o600 });
  renameSync(beside, path);
}

function outputOf(outputs: Outputs, asked: string | undefined): Record<string, unknown> {
  const region = asked ?? regionOf(outputs);
  return {
    type: 'redshift',
    driver: 'data_api',
    method: 'iam',
    serverless_work_group: outputs.Workgroup,
    dbname: outputs.Database,
    ...(region === undefined ? {} : { region }),
    schema: "dbt_{{ env_var('USER', 'dev') }}",
    threads: 4,
    s3_staging_dir: `s3://${outputs.DataBucket}/lake/.sq/`,
  };
}
