import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeUp, up, writeProfile } from '../../infra/index.ts';
import { searchPath } from '../../load/index.ts';
import { infraCall } from '../infra-call.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { invocation, projectFile } = session;
  const { other } = invocation.flags;
  const call = infraCall(session);
  const size = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const options = { ...call, baseCapacity: size(other.base_capacity), maxCapacity: size(other.max_capacity) };
  if (invocation.flags.dryRun) {
    describeUp(options);
    return 0;
  }
  const outputs = await up(options);
  if (outputs === undefined) return 1;
  const root = projectFile?.root ?? invocation.cwd;
  const folders = searchPath(invocation, root).map((folder) => join(folder, 'profiles.yml'));
  const path = folders.find((file) => existsSync(file)) ?? join(root, 'profiles.yml');
  const profile = typeof projectFile?.profile === 'string' ? projectFile.profile : call.name;
  const target = invocation.flags.target ?? 'aws';
  writeProfile({ path, profile, target, region: call.region }, outputs);
  call.say(`Written to ${path}: target ${target} of profile ${profile}. Try: sq debug --target ${target}`);
  call.say(`Load from s3://${outputs.DataBucket}/raw/, unload to s3://${outputs.DataBucket}/lake/`);
  return 0;
}
