// Bundles src/ into dist/: one file a command needs at start, the rest in chunks loaded on use.
// The new folder is made beside the old one and takes its place in one rename: a command that starts meanwhile
// finds one of the two, never half of one. SQ_DIST (relative to the checkout) names another folder.
// `--types` also writes the declaration files of the library (slower; done for the package only).
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { buildPage } from './build-page.mjs';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const dist = resolve(root, process.env.SQ_DIST || 'dist');
const next = `${dist}.next-${process.pid}`;
const old = `${dist}.old-${process.pid}`;

const page = buildPage(`${next}/docs`, `${dist}/docs`);
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli/main.ts', index: 'src/index.ts', 'sql-worker': 'src/sql/worker.ts' },
  outdir: next,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // small libraries are bundled (fewer files to open at start); heavy or native ones stay packages
  external: ['@duckdb/*', '@aws-sdk/*', '@polyglot-sql/*', '@grpc/*', 'apache-arrow', 'pg', 'pg-*'],
  define: { SQ_VERSION_DEFINE: JSON.stringify(version) },
  banner: {
    js: "import { createRequire as __sqRequire } from 'node:module'; const require = __sqRequire(import.meta.url);",
  },
  // names stay, for stack traces; blanks go, for a quicker start
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: false,
  legalComments: 'linked',
  logLevel: 'warning',
});
chmodSync(`${next}/cli.js`, 0o755);
cpSync(`${root}src/builtins/macros`, `${next}/builtins/macros`, { recursive: true });
cpSync(`${root}src/infra/stack-template.yaml`, `${next}/infra/stack-template.yaml`);
await page;
if (existsSync(dist)) renameSync(dist, old);
renameSync(next, dist);
rmSync(old, { recursive: true, force: true });

if (process.argv.includes('--types')) {
  const tsc = spawnSync('npx', ['tsc', '-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  if (tsc.status !== 0) process.exit(1);
}
// `npx sq` in the checkout finds the command without asking a registry
const bin = `${root}node_modules/.bin`;
if (existsSync(`${root}node_modules`) && !existsSync(`${bin}/sq`)) {
  mkdirSync(bin, { recursive: true });
  symlinkSync('../../dist/cli.js', `${bin}/sq`);
}
