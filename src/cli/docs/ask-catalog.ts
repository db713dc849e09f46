import { join } from 'node:path';
import { catalogOf, EMPTY_CATALOG, writeCatalog } from '../../docs/catalog/catalog-file.ts';
import { readCatalog } from '../../docs/catalog/read-catalog.ts';
import type { Catalog } from '../../docs/contract.ts';
import { SqError } from '../../errors.ts';
import { buildTime } from '../build-time.ts';
import { connected } from '../connected.ts';
import type { Opened } from '../open-and-parse.ts';
import type { DocsOptions } from './docs-options.ts';

type Body = Pick<Catalog, 'nodes' | 'sources' | 'errors'>;

/** catalog.json from the warehouse, or an empty one; written into the target folder. */
export async function askCatalog(opened: Opened, options: DocsOptions): Promise<Catalog> {
  const { context, parsed } = opened;
  const { invocation } = context;
  if (!options.emptyCatalog) invocation.emit({ name: 'BuildingCatalog' });
  const body = options.emptyCatalog ? EMPTY_CATALOG : await asked(opened, options);
  const { manifest } = parsed;
  const catalog = catalogOf(body, { invocation, manifest, generatedAt: buildTime(invocation) });
  const path = writeCatalog(catalog, context.targetPath, invocation.secrets);
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'CatalogArtifact', artifact_path: path });
  return catalog;
}

/** What is in the catalog's `errors`, and where it is. */
export function tellCatalog({ context }: Opened, { errors }: Catalog): void {
  const { invocation, targetPath } = context;
  if (errors !== null) {
    for (const error of errors) invocation.emit({ name: 'SqNotice', topic: 'catalog', msg: error });
    invocation.emit({ name: 'WriteCatalogFailure', num_exceptions: errors.length });
  }
  invocation.emit({ name: 'CatalogWritten', path: join(targetPath, 'catalog.json') });
}

/** A page is complete without a warehouse: who cannot reach it has an error in the catalog and the rest of the page. */
async function asked(opened: Opened, { selected }: DocsOptions): Promise<Body> {
  const { context, parsed } = opened;
  const { manifest } = parsed;
  try {
    return await connected(opened, { readOnly: true, selected: [...manifest.index.keys()] }, ({ driver }) =>
      readCatalog({
        driver,
        dialect: context.adapter.dialect,
        manifest,
        threads: context.settings.threads,
        ...(selected && { selected: new Set(selected) }),
      }),
    );
  } catch (error) {
    if (!(error instanceof SqError) || error.kind === 'Internal') throw error;
    return { ...EMPTY_CATALOG, errors: [error.text] };
  }
}
