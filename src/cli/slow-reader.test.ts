/** Whoever reads slowly gets all of it: pipes hold 64 KiB, the rest must not be lost when sq ends. */
import { spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { CLI } from '../testing/cli.ts';
import { CliProject } from '../testing/cli-project.ts';

const MODELS = 300;
const shop = new CliProject({
  'dbt_project.yml': 'name: shop\n',
  ...Object.fromEntries(
    Array.from({ length: MODELS }, (_, i) => [`models/m${i}.sql`, `select ${i} as id -- ${'x'.repeat(200)}`]),
  ),
});
afterAll(() => shop.remove());

/** Output read only after a pause. */
function readLate(args: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: shop.dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text: Buffer.concat(chunks).toString('utf8') }));
    setTimeout(() => child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk)), 3_000);
  });
}

describe('a slow reader', () => {
  it('gets every line of ls', async () => {
    const { code, text } = await readLate(['ls', '--output', 'json', '--quiet']);
    expect(code).toBe(0);
    expect(text.length).toBeGreaterThan(200_000);
    expect(text.trimEnd().split('\n')).toHaveLength(MODELS);
  });

  it('gets every event of a run', async () => {
    const { code, text } = await readLate(['run', '--log-format', 'json', '--threads', '2']);
    expect(code).toBe(0);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { info: { name: string } });
    expect(lines.filter(({ info }) => info.name === 'LogModelResult')).toHaveLength(MODELS);
    expect(lines.at(-1)?.info.name).not.toBe('LogModelResult');
  });
});
