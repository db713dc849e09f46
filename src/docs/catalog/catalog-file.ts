/** `target/catalog.json`, version 1 of dbt's schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Invocation, scrub } from '../../invocation.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { isoTime } from '../../parse/metadata.ts';
import { COMPATIBLE_VERSION } from '../../version.ts';
import type { Catalog } from '../contract.ts';
import { replaceFile } from '../replace-file.ts';

export const CATALOG_SCHEMA = 'https://schemas.getdbt.com/dbt/catalog/v1.json';

/** `generatedAt`: the clock's time, or SOURCE_DATE_EPOCH. */
export function catalogOf(
  body: Pick<Catalog, 'nodes' | 'sources' | 'errors'>,
  context: { invocation: Invocation; manifest: Manifest; generatedAt: Date },
): Catalog {
  const { invocation, manifest, generatedAt } = context;
  return {
    metadata: {
      dbt_schema_version: CATALOG_SCHEMA,
      dbt_version: COMPATIBLE_VERSION,
      generated_at: isoTime(generatedAt),
      invocation_id: invocation.id,
      invocation_started_at: isoTime(invocation.startedAt),
      env: manifest.metadata.env,
    },
    ...body,
  };
}

/** `--empty-catalog`, and what a page is made of when the warehouse cannot be asked. */
export const EMPTY_CATALOG: Pick<Catalog, 'nodes' | 'sources' | 'errors'> = {
  nodes: {},
  sources: {},
  errors: null,
};

/** Answers the path. Readers see the old file or the new one; secrets are masked. */
export function writeCatalog(catalog: Catalog, folder: string, secrets: ReadonlySet<string>): string {
  const path = join(folder, 'catalog.json');
  replaceFile(path, scrub(JSON.stringify(catalog), secrets));
  return path;
}

/** Undefined where there is none, or one of another schema. */
export function readCatalogFile(folder: string): Catalog | undefined {
  try {
    const catalog = JSON.parse(readFileSync(join(folder, 'catalog.json'), 'utf8')) as Partial<Catalog>;
    return catalog.metadata?.dbt_schema_version === CATALOG_SCHEMA ? (catalog as Catalog) : undefined;
  } catch {
    return undefined;
  }
}
