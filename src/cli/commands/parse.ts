import { openAndParse, writeManifest } from '../open-and-parse.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  writeManifest(await openAndParse(session));
  return 0;
}
