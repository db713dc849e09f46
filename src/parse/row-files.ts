/** The files that unit tests take rows from: fixtures below `tests/fixtures`, and seeds. Read when asked. */
import { stemOf } from './fqn.ts';
import type { RowSources } from './nodes/unit-test-rows.ts';
import type { PackageSource, SourceFile } from './session.ts';

export function rowFiles(
  files: readonly SourceFile[],
  read: (source: SourceFile) => string,
): (pkg: PackageSource) => RowSources {
  const named = (kind: SourceFile['kind'], pkg: PackageSource | undefined, name: string) =>
    files.find(
      (source) =>
        source.kind === kind &&
        (pkg === undefined || source.package === pkg) &&
        stemOf(source.file.relative) === name,
    );
  return (pkg) => ({
    fixture: (name) => {
      const found = named('fixture', pkg, name);
      return found && read(found);
    },
    seed: (input) => {
      const name = /^\s*ref\(\s*(?:(['"])[\w.]+\1\s*,\s*)?(['"])([\w.-]+)\2/.exec(input)?.[3];
      const found =
        name === undefined ? undefined : (named('seed', pkg, name) ?? named('seed', undefined, name));
      return found && read(found);
    },
  });
}
