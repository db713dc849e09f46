/** Every file of a project and its packages, by role. */
import type { ProjectConfig, ProjectFile } from '../load/contract.ts';
import { projectIgnores, walkFiles } from '../load/walk.ts';
import type { ProjectContext } from './contract.ts';
import type { FileKind, PackageSource, SourceFile } from './session.ts';

/** The root project first, then installed packages. */
export function packageSources(context: ProjectContext): PackageSource[] {
  return [
    { config: context.project, root: context.projectDir, isRoot: true },
    ...context.packages.map(({ root, config }) => ({ config, root, isRoot: false })),
  ];
}

export function listFiles(packages: readonly PackageSource[]): SourceFile[] {
  return packages.flatMap((pkg) => filesOf(pkg));
}

/** Base folders and endings of each role; one folder may serve several roles. */
function filesOf(pkg: PackageSource): SourceFile[] {
  const { config, root } = pkg;
  const ignores = projectIgnores(root);
  const found: SourceFile[] = [];
  const walk = (
    bases: readonly string[],
    extensions: readonly string[],
    kind: (file: ProjectFile) => FileKind | undefined,
  ) => {
    for (const file of walkFiles(root, bases, { extensions, ignores })) {
      const role = kind(file);
      if (role) found.push({ file, kind: role, package: pkg });
    }
  };
  const ending = (file: ProjectFile) => file.path.slice(file.path.lastIndexOf('.')).toLowerCase();
  const textKind =
    (sql: FileKind) =>
    (file: ProjectFile): FileKind | undefined => {
      const end = ending(file);
      if (end === '.md') return 'docs';
      return end === '.sql' || end === '.py' ? sql : 'properties';
    };
  walk(config.modelPaths, ['.sql', '.py', '.yml', '.yaml', '.md'], textKind('model'));
  walk(config.seedPaths, ['.csv', '.yml', '.yaml', '.md'], (file) =>
    ending(file) === '.csv' ? 'seed' : textKind('seed')(file),
  );
  walk(config.snapshotPaths, ['.sql', '.yml', '.yaml', '.md'], textKind('snapshot'));
  walk(config.analysisPaths, ['.sql', '.yml', '.yaml', '.md'], textKind('analysis'));
  walk(config.functionPaths, ['.sql', '.py', '.yml', '.yaml', '.md'], textKind('function'));
  walk(config.macroPaths, ['.sql', '.yml', '.yaml', '.md'], textKind('macro'));
  walk(config.testPaths, ['.sql', '.yml', '.yaml', '.md', '.csv'], (file) => {
    const isFixture = file.relative.startsWith('fixtures/') && /\.(?:csv|sql)$/.test(ending(file));
    if (isFixture || ending(file) === '.csv') return 'fixture';
    return textKind(file.relative.startsWith('generic/') ? 'generic-test' : 'test')(file);
  });
  walk(
    config.docsPaths.filter((path) => !isListed(config, path)),
    ['.md'],
    () => 'docs',
  );
  return withoutRepeats(found);
}

function isListed(config: ProjectConfig, path: string): boolean {
  return [
    config.modelPaths,
    config.seedPaths,
    config.snapshotPaths,
    config.analysisPaths,
    config.functionPaths,
    config.macroPaths,
    config.testPaths,
  ].some((list) => list.includes(path));
}

/** A folder listed for two roles gives its YAML and markdown once. */
function withoutRepeats(found: SourceFile[]): SourceFile[] {
  const seen = new Set<string>();
  return found.filter(({ file, kind }) => {
    const key = `${kind}\u0000${file.path}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Key of a file: its package and its path. */
export function fileId(source: SourceFile): string {
  return `${source.package.config.name}\u0000${source.file.path}`;
}
