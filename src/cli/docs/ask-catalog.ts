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
  if (body.errors !== null) {
    for (const error of body.errors) invocation.emit({ name: 'SqNotice', topic: 'catalog', msg: error });
    invocation.emit({ name: 'WriteCatalogFailure', num_exceptions: body.errors.length });
  }
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'CatalogArtifact', artifact_path: path });
  invocation.emit({ name: 'CatalogWritten', path });
  return catalog;
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
    if (error.code !== 'database-missing') return { ...EMPTY_CATALOG, errors: [error.text] };
    const msg = `${error.message} The catalog is empty; columns and types come from the SQL.`;
    context.invocation.emit({ name: 'SqNotice', topic: 'catalog', msg });
    return EMPTY_CATALOG;
  }
}
