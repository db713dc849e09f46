/** The rules of the house (docs/architecture.md), held by reading every file of src/. */
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, lineOf, type SourceFile, sourceFile, sourceFiles } from '../testing/source-files.ts';

/**
 * A room is a file or folder of src/. It imports only rooms of a lower level, and never one of its own level.
 * Rooms in one line of the same name are one room.
 */
const LEVELS: Readonly<Record<string, readonly [level: number, room?: string]>> = {
  'errors.ts': [0, 'ground'],
  'invocation.ts': [0, 'ground'],
  'events.ts': [0, 'ground'],
  'version.ts': [0, 'ground'],
  manifest: [1],
  template: [1],
  sql: [1],
  load: [2],
  builtins: [2],
  adapters: [3],
  deps: [3],
  materializations: [4],
  context: [4.5],
  parse: [5],
  select: [6],
  compile: [6],
  analyze: [6.5],
  execute: [7],
  report: [8],
  docs: [8],
  infra: [8],
  api: [9, 'shell'],
  cli: [9, 'shell'],
  'index.ts': [9, 'shell'],
  testing: [10],
};

/** A package and the only place that may import it. */
const DOORS: readonly (readonly [packageName: string, place: string])[] = [
  ['nunjucks', 'src/template/'],
  ['@polyglot-sql/', 'src/sql/'],
  ['@duckdb/', 'src/adapters/duckdb/'],
];

const MOST_LINES = 400;

type Rule = (file: SourceFile) => string[];

const roomName = (path: string) => path.split('/')[1] as string;

const levels: Rule = (file) => {
  const own = LEVELS[roomName(file.path)];
  if (own === undefined) return [`${file.path}:1 is in no room: give '${roomName(file.path)}' a level`];
  return eachImport(file, ({ target }) => {
    if (target === undefined || roomName(target) === roomName(file.path)) return undefined;
    const other = LEVELS[roomName(target)];
    if (other === undefined) return `is in no room: give '${roomName(target)}' a level`;
    if (other[0] < own[0] || (own[1] !== undefined && own[1] === other[1])) return undefined;
    if (file.forTests && roomName(target) === 'testing') return undefined;
    return `'${roomName(file.path)}' (level ${own[0]}) may not import '${roomName(target)}' (level ${other[0]})`;
  });
};

const adapters: Rule = (file) => {
  const own = adapterOf(file.path);
  if (own === undefined) return [];
  return eachImport(file, ({ target }) => {
    const other = target === undefined ? undefined : adapterOf(target);
    if (target === 'src/adapters/registry.ts') return 'an adapter does not know the registry that lists it';
    if (other === undefined || other === own || other === 'shared') return undefined;
    return `adapter '${own}' may not import adapter '${other}': what both need belongs into adapters/shared`;
  });
};

/** The folder below adapters/, which `shared` is too. */
function adapterOf(path: string): string | undefined {
  return /^src\/adapters\/([^/]+)\//.exec(path)?.[1];
}

const materializations: Rule = (file) =>
  roomName(file.path) !== 'materializations' || file.forTests
    ? []
    : eachImport(file, ({ target }) =>
        target !== undefined &&
        roomName(target) === 'adapters' &&
        !/\/adapters\/[\w-]*contract\.ts$/.test(target)
          ? 'a materialization touches nothing itself: of adapters it knows the contract only'
          : undefined,
      );

const doors: Rule = (file) =>
  file.forTests
    ? []
    : eachImport(file, ({ specifier }) => {
        const door = DOORS.find(
          ([name]) => specifier === name || specifier.startsWith(name.replace(/\/?$/, '/')),
        );
        return door === undefined || file.path.startsWith(door[1])
          ? undefined
          : `only ${door[1]} may import ${door[0]}`;
      });

/** The docs page runs in a browser: of sq it takes nouns, the selector and what its own room shares with it. */
const SITE = /^src\/docs\/site\//;
const SITE_TAKES = /^src\/(?:docs\/site\/|docs\/chunks\.ts$|docs\/layout[./]|manifest\/|select\/)/;

const site: Rule = (file) =>
  !SITE.test(file.path) || file.forTests
    ? []
    : eachImport(file, ({ specifier, target }) =>
        (target === undefined ? /^preact(?:\/|$)/.test(specifier) : SITE_TAKES.test(target))
          ? undefined
          : 'the docs page runs in a browser: it takes preact, nouns of manifest/, select/, docs/layout and docs/chunks',
      );

const printing: Rule = (file) => {
  if (file.forTests || ['report', 'cli'].includes(roomName(file.path))) return [];
  return [...file.code.matchAll(/\bconsole\s*\.\s*\w+|\bprocess\s*\.\s*(?:stdout|stderr)\b/g)].map(
    (match) =>
      `${file.path}:${lineOf(file.text, match.index)} ${match[0]}: only report/ and cli/ print; emit an event instead`,
  );
};

const names: Rule = (file) =>
  file.path.split('/').some((part) => /^(utils?|helpers?)(\.test)?(\.tsx?)?$/.test(part))
    ? [`${file.path}:1 is named after nothing: name a file after what it holds`]
    : [];

const sizes: Rule = (file) => {
  const lines = file.text.trimEnd().split('\n').length;
  return file.forTests || lines <= MOST_LINES
    ? []
    : [`${file.path}:${MOST_LINES + 1} goes on to line ${lines}: at most ${MOST_LINES}, one idea a file`];
};

const spelling: Rule = (file) =>
  eachImport(file, ({ specifier, target }) =>
    target !== undefined && posix.extname(target) === ''
      ? `'${specifier}': relative imports end in .ts`
      : undefined,
  );

function eachImport(file: SourceFile, complaint: (found: Import) => string | undefined): string[] {
  return file.imports.flatMap((found) => {
    const text = complaint(found);
    return text === undefined
      ? []
      : [`${file.path}:${found.line} imports ${found.target ?? found.specifier}: ${text}`];
  });
}

const RULES: readonly (readonly [name: string, rule: Rule])[] = [
  ['a room imports only rooms below it', levels],
  ['an adapter imports no other adapter', adapters],
  ['a materialization imports no driver', materializations],
  ['a library stands behind one door', doors],
  ['the docs page takes nothing of Node', site],
  ['only report/ and cli/ print', printing],
  ['no file is named utils', names],
  ['a source file is small', sizes],
  ['imports name files', spelling],
];

describe('the house', () => {
  const files = sourceFiles();

  it.each(RULES)('%s', (_, rule) => {
    expect(files.flatMap(rule).join('\n')).toBe('');
  });
});

describe('the rules see', () => {
  const complaints = (path: string, text: string) =>
    RULES.flatMap(([, rule]) => rule(sourceFile(path, text))).join('\n');

  it.each([
    ["import { a } from '../execute/a.ts';", "'select' (level 6) may not import 'execute' (level 7)"],
    ["import type { a } from '../compile/a.ts';", "'select' (level 6) may not import 'compile' (level 6)"],
    ["export * from '../testing/a.ts';", "'select' (level 6) may not import 'testing' (level 10)"],
    ["const a = await import('../cli/a.ts');", "'select' (level 6) may not import 'cli' (level 9)"],
    ["type A = import('../report/a.ts').A;", "'select' (level 6) may not import 'report' (level 8)"],
    ["import {\n  a,\n  b,\n} from '../docs/a.ts';", "'select' (level 6) may not import 'docs' (level 8)"],
    ["import '../utils/a.ts';", "is in no room: give 'utils' a level"],
  ])('%s', (text, complaint) => {
    const line = text.split('\n').length;
    const target = /\.\.\/([^']*)/.exec(text)?.[1];
    expect(complaints('src/select/x.ts', text)).toBe(
      `src/select/x.ts:${line} imports src/${target}: ${complaint}`,
    );
  });

  it.each([
    [
      'src/adapters/redshift/x.ts',
      "import { a } from '../postgres/a.ts';",
      "src/adapters/redshift/x.ts:1 imports src/adapters/postgres/a.ts: adapter 'redshift' may not import adapter 'postgres': what both need belongs into adapters/shared",
    ],
    [
      'src/adapters/shared/x.ts',
      "import { a } from '../duckdb/a.ts';",
      "src/adapters/shared/x.ts:1 imports src/adapters/duckdb/a.ts: adapter 'shared' may not import adapter 'duckdb': what both need belongs into adapters/shared",
    ],
    [
      'src/adapters/duckdb/x.ts',
      "import { a } from '../registry.ts';",
      'src/adapters/duckdb/x.ts:1 imports src/adapters/registry.ts: an adapter does not know the registry that lists it',
    ],
    [
      'src/materializations/x.ts',
      "import { a } from '../adapters/duckdb/driver.ts';",
      'src/materializations/x.ts:1 imports src/adapters/duckdb/driver.ts: a materialization touches nothing itself: of adapters it knows the contract only',
    ],
    [
      'src/parse/x.ts',
      "import nunjucks from 'nunjucks';",
      'src/parse/x.ts:1 imports nunjucks: only src/template/ may import nunjucks',
    ],
    [
      'src/parse/x.ts',
      "import x from 'nunjucks/src/lexer.js';",
      'src/parse/x.ts:1 imports nunjucks/src/lexer.js: only src/template/ may import nunjucks',
    ],
    [
      'src/execute/x.ts',
      "await import('@duckdb/node-api');",
      'src/execute/x.ts:1 imports @duckdb/node-api: only src/adapters/duckdb/ may import @duckdb/',
    ],
    [
      'src/execute/x.ts',
      '\nconsole.log(1);',
      'src/execute/x.ts:2 console.log: only report/ and cli/ print; emit an event instead',
    ],
    [
      'src/docs/site/x.tsx',
      "import { a } from '../pack.ts';",
      'src/docs/site/x.tsx:1 imports src/docs/pack.ts: the docs page runs in a browser: it takes preact, nouns of manifest/, select/, docs/layout and docs/chunks',
    ],
    [
      'src/load/x.ts',
      'process.stderr.write("");',
      'src/load/x.ts:1 process.stderr: only report/ and cli/ print; emit an event instead',
    ],
    ['src/load/utils.ts', '', 'src/load/utils.ts:1 is named after nothing: name a file after what it holds'],
    [
      'src/load/x.ts',
      'x;\n'.repeat(401),
      'src/load/x.ts:401 goes on to line 401: at most 400, one idea a file',
    ],
    [
      'src/load/x.ts',
      "import './y';",
      "src/load/x.ts:1 imports src/load/y: './y': relative imports end in .ts",
    ],
    ['src/cellar/x.ts', '', "src/cellar/x.ts:1 is in no room: give 'cellar' a level"],
  ])('in %s', (path, text, complaint) => {
    expect(complaints(path, text)).toBe(complaint);
  });

  it.each([
    ['a comment', "// import '../cli/a.ts'\n/* console.log(1) */"],
    ['a string', 'const a = "import \'../cli/a.ts\'; console.log(1)";'],
    ['a template', 'const a = `${`console.log(1) ${b}`} from "../cli/a.ts"`;'],
    ['a pattern with a quote', 'const a = /[\'"]/.test(b); // from "../cli/a.ts"'],
    ['a rule that is kept', "import { a } from '../manifest/graph.ts';\nimport { b } from './b.ts';"],
  ])('nothing wrong in %s', (_, text) => {
    expect(complaints('src/select/x.ts', text)).toBe('');
  });

  it('code between the parts of a template', () => {
    expect(complaints('src/select/x.ts', "const a = `a ${ { b: {} } } ${console.log('x')} c`;")).toBe(
      'src/select/x.ts:1 console.log: only report/ and cli/ print; emit an event instead',
    );
  });

  it('tests may use the harness, and libraries to look at what was made', () => {
    expect(
      complaints('src/select/x.test.ts', "import '../testing/manifest.ts';\nimport '@duckdb/node-api';"),
    ).toBe('');
  });
});
