/** Which cell of a seed the engine refused: its message quotes the value, the file says where it stands. */
import { SqError } from '../../errors.ts';
import type { SeedFile, SeedRequest } from '../contract.ts';

/**
 * The engine's error with file, line and column, where `error` is about a value of a column whose type was
 * given (`column_types`); else the error itself.
 */
export function withCell(error: unknown, request: SeedRequest, file: SeedFile): unknown {
  if (!(error instanceof SqError) || error.code !== 'statement') return error;
  const typed = new Set(Object.keys(request.columnTypes).map((name) => name.toLowerCase()));
  const columns = file.columns
    .map(({ name }, i) => ({ name, i }))
    .filter(({ name }) => typed.has(name.toLowerCase()));
  if (columns.length === 0) return error;
  const badIn = (cells: readonly string[]) =>
    columns.find(
      ({ i }) =>
        cells[i] !== undefined &&
        ["'", '"'].some((mark) => error.message.includes(`${mark}${cells[i]}${mark}`)),
    );
  const row = file.find((cells) => badIn(cells) !== undefined);
  const bad = row && badIn(row.cells);
  if (!row || !bad) return error;
  const { dataType } = file.columns[bad.i]!;
  const reason = error.message.replace(/ when casting from source column.*$/m, '');
  return new SqError({
    kind: error.kind,
    code: 'seed-value',
    message: `${reason}\ncolumn ${bad.name} is declared ${dataType}, its value here is '${row.cells[bad.i]}'`,
    at: { path: request.shownPath, line: row.line },
    hint: `correct the value, or change the type of ${bad.name} in the config column_types`,
    cause: error,
  });
}
