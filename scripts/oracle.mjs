// Runs a table of cases made by Jinja2 (shared/oracle/README.md) through the template room, sync and async:
//   npm run oracle -- FILE.jsonl
// Prints the first failures and, last, one line `N passed, N failed`; exits 1 when some failed.
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const SHOWN = 20;
const root = fileURLToPath(new URL('..', import.meta.url));
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run oracle -- FILE.jsonl');
  process.exit(2);
}

const bundle = `${root}node_modules/.cache/sq-oracle/cases.mjs`;
mkdirSync(new URL('.', pathToFileURL(bundle)), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/template/oracle-cases.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'error',
  banner: {
    js: "import { createRequire as __sqRequire } from 'node:module'; const require = __sqRequire(import.meta.url);",
  },
});
const { checkCase, readCases } = await import(pathToFileURL(bundle).href);

let passed = 0;
let failed = 0;
for (const one of readCases(readFileSync(file, 'utf8'))) {
  const failure = await checkCase(one);
  if (failure === undefined) passed += 1;
  else {
    failed += 1;
    if (failed <= SHOWN) console.log(`${JSON.stringify(one.src)}\n  ${failure}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
