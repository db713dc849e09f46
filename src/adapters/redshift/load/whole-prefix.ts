/** COPY without a manifest: it loads every object whose key begins with the prefix, so exactly these must. */
import type { SourceFile } from '../../loader-contract.ts';
import type { ExternalSource } from '../../shared/copy/external-source.ts';
import { fileLocation } from '../../shared/files/location.ts';
import { type FilesContext, listFiles } from '../../shared/files/source-files.ts';

/** The prefix. Throws SqError kind Compilation where COPY would load other files than those of the load. */
export async function wholePrefix(
  source: ExternalSource,
  context: FilesContext,
  files: readonly SourceFile[],
): Promise<string> {
  const location = fileLocation(source.location);
  const single = files.length === 1 ? (files[0] as SourceFile).name : undefined;
  if (location?.kind === 's3' && !location.pattern) {
    const written = `s3://${location.bucket}/${location.key}`;
    const prefix =
      single ?? (written.endsWith('/') || source.options.prefix === 'raw' ? written : `${written}/`);
    const raw = { ...source, location: prefix, options: { ...source.options, prefix: 'raw' as const } };
    const found = await listFiles(raw, context, null);
    const wanted = new Set(files.map(({ name }) => name));
    if (found.files.length === wanted.size && found.files.every(({ name }) => wanted.has(name)))
      return prefix;
  }
  throw source.problem(
    'staging-missing',
    ['external', 'location'],
    `COPY can name the files of source ${source.name} exactly only by a manifest on S3, and the profile names no place for one.`,
    'name s3_staging_dir: s3://bucket/prefix in the profile; without it a location is loaded whole, by COPY’s rule of prefixes',
  );
}
