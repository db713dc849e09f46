/** DuckDB's answers to the `loader` steps of the copy materialization. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderRelation } from '../../../manifest/relation.ts';
import type { Session } from '../../contract.ts';
import type {
  ListAnswer,
  ListRequest,
  LoadAnswer,
  LoaderAnswer,
  LoaderRequest,
  LoadRequest,
} from '../../loader-contract.ts';
import { chosenColumns } from '../../shared/copy/chosen-columns.ts';
import {
  type ExternalColumn,
  type ExternalSource,
  externalSource,
} from '../../shared/copy/external-source.ts';
import type { JsonPath } from '../../shared/copy/json-path.ts';
import { declaredPlaces } from '../../shared/copy/json-places.ts';
import { mixedCaseNotices } from '../../shared/copy/key-notices.ts';
import { jsonPathsOf } from '../../shared/files/json-paths-of.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { type FilesContext, fetchFiles, listFiles } from '../../shared/files/source-files.ts';
import { csvFormat } from './csv-format.ts';
import { engineType } from './engine-type.ts';
import { jsonFormat } from './json-format.ts';
import { foundPlaces } from './json-places.ts';
import { nullColumnNotices } from './key-notices.ts';
import { loadParquetFiles } from './parquet-load.ts';
import { shownStatement } from './shown-statement.ts';
import { loadTextFiles } from './text-load.ts';

/** To be a driver's `loader`. `session` must not be inside a transaction: a refused load would end it. */
export function createDuckdbLoader(
  context: FilesContext,
): (request: LoaderRequest, session: Session) => Promise<LoaderAnswer> {
  return async (request, session) => {
    const source = externalSource(request.source, context.projectDir);
    const columns = chosenColumns(source, request.columns);
    const paths = await jsonPathsOf(source, context);
    const order: Order = { source, columns, paths, context };
    return request.kind === 'list' ? list(request, order) : load(request, order, session);
  };
}

interface Order {
  source: ExternalSource;
  /** Of the load, in its order. */
  columns: ExternalColumn[];
  /** Of the JSONPaths file, for all declared columns. */
  paths: JsonPath[] | undefined;
  context: FilesContext;
}

async function list({ ledger, into }: ListRequest, order: Order): Promise<ListAnswer> {
  const { source, columns, paths, context } = order;
  const { files, hidden } = await listFiles(source, context, ledger?.loaded ?? null);
  const taken = files.filter(
    ({ state }) => state === 'new' || (state === 'changed' && ledger?.changed === 'append'),
  );
  return {
    files,
    columns: columns.map(({ name, type }) => ({ name, dataType: engineType(type) })),
    statements: [
      shownStatement(
        { source, columns, paths, withFile: ledger !== null },
        taken.map(({ name }) => name),
        into,
      ),
    ],
    hidden,
    notices: mixedCaseNotices(source, columns),
  };
}

async function load(request: LoadRequest, order: Order, session: Session): Promise<LoadAnswer> {
  const { source, columns, context } = order;
  const files = await fetchFiles(source, context, request.files);
  const scratch = mkdtempSync(join(tmpdir(), 'sq-load-'));
  try {
    const answer = await loadFormat({ request, order, session, files, scratch });
    if (answer.loaded)
      answer.notices.push(
        ...(await nullColumnNotices({
          session,
          source,
          columns,
          answer,
          files,
          into: renderRelation(request.into),
        })),
      );
    return answer;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Job {
  request: LoadRequest;
  order: Order;
  session: Session;
  files: LocalFile[];
  scratch: string;
}

function loadFormat({ request, order, session, files, scratch }: Job): Promise<LoadAnswer> {
  const { source, columns, paths } = order;
  const into = renderRelation(request.into);
  const positions = columns.map((column) => source.columns.indexOf(column));
  if (source.format === 'parquet') {
    return loadParquetFiles({ session, source, positions, files, into, facts: request.countRows });
  }
  const text = {
    session,
    columns,
    options: source.options,
    files,
    into,
    maxErrors: request.maxErrors,
    facts: request.countRows,
    scratch,
  };
  if (source.format === 'csv')
    return loadTextFiles({ ...text, packs: false, format: async () => csvFormat(source, positions) });
  return loadTextFiles({
    ...text,
    packs: true,
    format: async (packing) => {
      const places =
        source.jsonpaths === 'auto_ignorecase'
          ? await foundPlaces(session, columns, packing, source.options.gzip)
          : declaredPlaces(source, columns, paths);
      return jsonFormat(source, columns, places);
    },
  });
}
