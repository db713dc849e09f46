// Builds the template of the docs page: one script and one stylesheet, into `<folder>/page.js` and `page.css`.
// Slow compared with the rest of the build, so what was built from the same files is taken over from `before`.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;

/** What the page is made of: its own files, what it shares with sq, and the tools. */
const INPUTS = [
  'src/docs',
  'src/select',
  'src/manifest',
  'src/errors.ts',
  'scripts/build-page.mjs',
  'package-lock.json',
];

export async function buildPage(folder, before) {
  const inputs = hashOfInputs();
  mkdirSync(folder, { recursive: true });
  const names = ['page.js', 'page.css', 'inputs.txt'];
  const kept = join(before, 'inputs.txt');
  if (existsSync(kept) && readFileSync(kept, 'utf8') === inputs) {
    for (const name of names) copyFileSync(join(before, name), join(folder, name));
    return;
  }
  const { script, style } = await bundlePage();
  for (const [i, text] of [script, style, inputs].entries()) writeFileSync(join(folder, names[i]), text);
}

/** Script and style of the page, as texts. */
export async function bundlePage() {
  const { build } = await import('vite');
  const result = await build({
    root,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rollupOptions: {
        input: join(root, 'src/docs/site/main.tsx'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  // vite would put the stylesheet into the script, where the policy of the page does not let it in
  const styles = await esbuild({
    absWorkingDir: root,
    entryPoints: ['src/docs/site/styles/page.css'],
    bundle: true,
    minify: true,
    write: false,
    target: 'chrome111',
  });
  return { script: output.find((file) => file.type === 'chunk').code, style: styles.outputFiles[0].text };
}

function hashOfInputs() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    const path = join(root, input);
    const files = input.includes('.')
      ? ['']
      : readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(
          (name) => /\.(tsx?|css|json)$/.test(name) && !name.endsWith('.test.ts'),
        );
    for (const file of files.sort()) hash.update(`${input}/${file}\n`).update(readFileSync(join(path, file)));
  }
  return `${hash.digest('hex')}\n`;
}
