/** dbt's fully qualified names: package, folders below the base folder, name. */

/** `['sparkify', 'marts', 'songs']` for `marts/songs.sql`; `name` replaces the file's own stem. */
export function fqnOf(packageName: string, relativePath: string, name: string): string[] {
  const folders = relativePath.split('/').slice(0, -1);
  return [packageName, ...folders, name];
}

/** `songs` for `marts/songs.sql`. dbt cuts at the last dot. */
export function stemOf(relativePath: string): string {
  const file = relativePath.slice(relativePath.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  return dot <= 0 ? file : file.slice(0, dot);
}
