import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeUpInput } from '../testing/docs-input.ts';
import type { PageOptions } from './contract.ts';
import { packagedTemplate, pageOf, writePage } from './page.ts';

const OPTIONS: PageOptions = { split: false, static: false, compiledCode: true, meta: false };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sq-page-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the template', () => {
  it('is at most 60 kB, script and style together, as gzip sends them', () => {
    const { script, style } = packagedTemplate();
    const bytes = gzipSync(script, { level: 9 }).length + gzipSync(style, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(60_000);
  });
});

it('select/ is built for a browser: it needs nothing of Node', async () => {
  const { metafile } = await build({
    entryPoints: ['src/select/index.ts'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    metafile: true,
    logLevel: 'silent',
  });
  expect(
    Object.keys(metafile.inputs).filter(
      (path) => !/^src\/(?:select|manifest)\/|^src\/errors\.ts$/.test(path),
    ),
  ).toEqual([]);
});

describe('the page', () => {
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  it('allows the script and the style that are in it, and nothing else', () => {
    const template = { script: "a('</script><!--')", style: 'b{}' };
    const { html } = pageOf(madeUpInput(3), OPTIONS, template);
    const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(script).toBe("a('<\\/script><\\!--')");
    expect(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]).toBe(
      `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf('b{}')}; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
    );
  });

  it('shows a hostile name as its title', () => {
    const input = madeUpInput(3);
    const { html } = pageOf(
      { ...input, project: { ...input.project, name: '</title><script>x</script>' } },
      OPTIONS,
    );
    expect(html).toContain('<title>&#60;/title&#62;&#60;script&#62;x&#60;/script&#62; · sq docs</title>');
  });
});

describe('writePage', () => {
  it('writes one file', () => {
    const written = writePage(madeUpInput(3), join(folder, 'a/b'), OPTIONS);
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['index.html']);
    expect(written).toEqual({
      path: join(folder, 'a/b/index.html'),
      bytes: readFileSync(written.path).length,
    });
  });

  it("writes dbt's static_index.html, too, where it is asked for", () => {
    writePage(madeUpInput(3), folder, { ...OPTIONS, static: true });
    expect(readdirSync(folder).sort()).toEqual(['index.html', 'static_index.html']);
    expect(readFileSync(join(folder, 'static_index.html'), 'utf8')).toBe(
      readFileSync(join(folder, 'index.html'), 'utf8'),
    );
  });

  it('writes code beside it with split, takes away what an earlier page had more, and leaves files of others', () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/orders.csv'), 'id\n');
    writePage(madeUpInput(100), folder, { ...OPTIONS, split: true });
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['code-0.js', 'code-1.js', 'orders.csv']);
    writePage(madeUpInput(10), folder, { ...OPTIONS, split: true });
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['code-0.js', 'orders.csv']);
    writePage(madeUpInput(10), folder, OPTIONS);
    expect(readdirSync(join(folder, 'data'))).toEqual(['orders.csv']);
  });

  it('says in whose way it is when it cannot write', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => writePage(madeUpInput(3), join(folder, 'file'), OPTIONS)).toThrow(
      expect.objectContaining({
        kind: 'Runtime',
        message: expect.stringContaining('Could not write the docs page: '),
        hint: 'make the folder writable, or choose another one with --output-dir',
      }),
    );
  });
});
