import { docsOptions } from '../docs/docs-options.ts';
import { generateDocs } from '../docs/generate-docs.ts';
import { openAndParse, tellFound } from '../open-and-parse.ts';
import type { Session } from '../session.ts';

/** Answers the exit code: 0, 1 when a part of the catalog could not be read. The last line is the page's path. */
export async function run(session: Session): Promise<number> {
  const opened = await openAndParse(session);
  tellFound(opened);
  const { path, code } = await generateDocs(opened, docsOptions(session, opened));
  if (code !== 2) session.invocation.emit({ name: 'ListCmdOut', msg: path });
  return code;
}
