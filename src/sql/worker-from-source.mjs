// Tests only: bundles worker.ts in memory and becomes it. The bundle of the package has its own file.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  external: ['@polyglot-sql/*'],
});
const sdk = import.meta.resolve('@polyglot-sql/sdk');
const code = outputFiles[0].text.replaceAll('"@polyglot-sql/sdk"', JSON.stringify(sdk));
await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
