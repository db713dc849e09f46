import { SqError } from '../../errors.ts';
import { type ListOutput, listLines } from '../../select/index.ts';
import { openAndParse, tellFound, writeManifest } from '../open-and-parse.ts';
import { selectFor, words } from '../select-for.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other, logFormat } = invocation.flags;
  onlyModels(session);
  const opened = await openAndParse(session);
  tellFound(opened);
  writeManifest(opened);
  const selected = selectFor(session, opened, 'ls');
  if (selected.length === 0) {
    invocation.emit({ name: 'NoNodesSelected' });
    return 0;
  }
  const lines = listLines(opened.parsed.manifest, selected, {
    output: other.output as ListOutput | undefined,
    outputKeys: words(other.output_keys),
  });
  // as text, one event and one write for all of them: there can be ten thousand
  const messages = logFormat === 'json' ? lines : [lines.join('\n')];
  for (const msg of messages) invocation.emit({ name: 'ListCmdOut', msg });
  return 0;
}

/** `-m` lists models only; dbt takes it with neither `-s` nor `--resource-type`. */
function onlyModels({ invocation }: Session): void {
  const { other } = invocation.flags;
  if (other.models === undefined) return;
  for (const [name, shown] of [
    ['resource_types', 'resource_type'],
    ['select', 'select'],
  ] as const) {
    if (words(other[name]).length === 0) continue;
    throw new SqError({
      kind: 'Runtime',
      code: 'excluding-options',
      message: `"models" and "${shown}" are mutually exclusive arguments`,
    });
  }
  other.select = other.models;
  other.resource_types = ['model'];
}
