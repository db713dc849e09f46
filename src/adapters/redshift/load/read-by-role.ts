/** Whether COPY's role can read the files of a source: one of them is looked at, and nothing is loaded. */
import { randomBytes } from 'node:crypto';
import { SqError } from '../../../errors.ts';
import type { SourceNode } from '../../../manifest/nodes.ts';
import type { Session } from '../../contract.ts';
import { listFiles } from '../../shared/files/source-files.ts';
import { copyError } from './copy-error.ts';
import { copyText, roleClause } from './copy-statement.ts';
import { isLoadRefusal } from './load-errors.ts';
import { isOnS3, loadOrder } from './load-order.ts';
import { awsFiles, type LoaderContext } from './loader.ts';
import { StagingArea } from './staging-area.ts';

/** Answers what was read. Throws SqError for what keeps a load from its files. */
export async function readByRole(node: SourceNode, session: Session, given: LoaderContext): Promise<string> {
  const context = { ...given, files: awsFiles(given) };
  const order = await loadOrder(node, null, context);
  const area = await StagingArea.open(
    { settings: context.settings, invocation: context.files.invocation },
    `debug-${randomBytes(4).toString('hex')}`,
  );
  const table = `sq_debug_${randomBytes(4).toString('hex')}`;
  try {
    const url = isOnS3(order.source)
      ? (await listFiles(order.source, context.files, [])).files[0]?.name
      : await area?.put('probe.json', '{"a": 1}');
    if (url === undefined) throw nothingThere(order.source.location);
    await session.execute(`create temporary table ${table} (a varchar(65535))`);
    const { region } = order.source.options;
    await session
      .execute(
        [
          `copy ${table}`,
          `from ${copyText(url)}`,
          roleClause(order.role),
          ...(region === undefined ? [] : [`region ${copyText(region)}`]),
          "format as json 'auto'",
          'maxerror 100000',
          'noload',
        ].join('\n'),
      )
      .catch((error: unknown) => {
        // rows that are no JSON were read, which is what is asked
        if (!isLoadRefusal(error)) throw copyError(error, order);
      });
    await session.execute(`drop table ${table}`);
    const place = isOnS3(order.source) ? order.source.location : `${context.settings.s3StagingDir}/`;
    return `${place} is read by iam_role ${order.role}`;
  } finally {
    await area?.clear();
  }
}

function nothingThere(location: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'no-files',
    message: `There are no files at ${location}.`,
    hint: 'look at external.location of the source, and at the variables in it',
  });
}
