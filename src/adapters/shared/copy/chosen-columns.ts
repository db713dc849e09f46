import type { ExternalColumn, ExternalSource } from './external-source.ts';

/** The declared columns that a copy model names, in its order; all of them for null. The plan has checked the names. */
export function chosenColumns(source: ExternalSource, names: readonly string[] | null): ExternalColumn[] {
  if (names === null) return source.columns;
  return names.map(
    (name) =>
      source.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) as ExternalColumn,
  );
}
