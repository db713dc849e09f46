/** The page: the template that was built with the package, and the chunks of a project, in one file. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { SqError } from '../errors.ts';
import { scrub } from '../invocation.ts';
import type { DocsInput, PageOptions, WrittenPage } from './contract.ts';
import { pack } from './pack.ts';

/** Script and style of the page, as the package ships them. */
export interface Template {
  script: string;
  style: string;
}

export interface Page {
  /** index.html */
  html: string;
  /** Files beside it by relative path: chunks of code under `--split`, else none. */
  beside: ReadonlyMap<string, string>;
}

/** The page of a project. The same input and options give the same bytes. */
export function pageOf(input: DocsInput, options: PageOptions, template = packagedTemplate()): Page {
  const blocks: string[] = [];
  const beside = new Map<string, string>();
  for (const [name, chunk] of Object.entries(pack(input, options))) {
    const text = deflateRawSync(JSON.stringify(chunk), { level: 6 }).toString('base64');
    // a file that is loaded as a script works from a disk, where fetch and modules do not
    if (options.split && name.startsWith('code-'))
      beside.set(`data/${name}.js`, `sqChunk("${name}","${text}")\n`);
    else blocks.push(`<script type="text/plain" id="sq-${name}">${text}</script>`);
  }
  const title = `${scrub(input.project.name, input.secrets)} · sq docs`;
  return { html: shell({ title, blocks, template, split: options.split }), beside };
}

/**
 * Writes index.html (and static_index.html where asked for) into a folder that is made when it is missing. Each
 * file is written beside and renamed, so that a reader sees the old page or the new one. Throws SqError (Runtime)
 * where the folder cannot be written.
 */
export function writePage(input: DocsInput, folder: string, options: PageOptions): WrittenPage {
  const { html, beside } = pageOf(input, options);
  const path = join(folder, 'index.html');
  try {
    mkdirSync(folder, { recursive: true });
    clearChunks(join(folder, 'data'));
    if (beside.size > 0) mkdirSync(join(folder, 'data'), { recursive: true });
    for (const [name, text] of beside) replace(join(folder, name), text);
    replace(path, html);
    if (options.static) replace(join(folder, 'static_index.html'), html);
  } catch (cause) {
    throw new SqError({
      kind: 'Runtime',
      code: 'docs-write',
      message: `Could not write the docs page: ${(cause as Error).message}`,
      hint: 'make the folder writable, or choose another one with --output-dir',
      cause,
    });
  }
  return { path, bytes: Buffer.byteLength(html) };
}

/** Chunks of an earlier page; the folder may hold files of somebody else, which stay. */
function clearChunks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/^code-\d+\.js$/.test(name)) rmSync(join(folder, name));
}

function replace(path: string, text: string): void {
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, text);
  renameSync(next, path);
}

/** The template beside the program that runs: `docs/` of dist/. Throws SqError (Internal) where it is missing. */
export function packagedTemplate(): Template {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = TEMPLATE_FOLDERS.map((path) => join(here, path));
  for (const candidate of folder) {
    try {
      return {
        script: readFileSync(join(candidate, 'page.js'), 'utf8'),
        style: readFileSync(join(candidate, 'page.css'), 'utf8'),
      };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    }
  }
  throw new SqError({
    kind: 'Internal',
    code: 'docs-template',
    message: `The docs page is not in this copy of sq: ${folder[0]}/page.js is missing`,
    hint: 'install sq again; in a checkout, run npm run build',
  });
}

/** From dist/, where the bundle is; from src/docs, where the tests run. */
const TEMPLATE_FOLDERS = ['docs', '../../dist/docs'];

function shell(parts: { title: string; blocks: string[]; template: Template; split: boolean }): string {
  const script = inert(parts.template.script, 'script');
  const style = inert(parts.template.style, 'style');
  const policy = [
    "default-src 'none'",
    `script-src ${parts.split ? "'self' " : ''}${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${parts.split ? 'sq' : "'none'"}`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(parts.title)}</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
<div id="app"><noscript>This page draws the project with JavaScript; manifest.json and catalog.json beside it hold the same facts.</noscript></div>
${parts.blocks.join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

/** A picture that is part of the page: asking for favicon.ico would be a request. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%232b59d9'/%3E%3Cpath d='M9 11h5l5 10h5M9 21h5' stroke='white' stroke-width='2.6' fill='none' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A script or style that holds no end tag of itself and opens no comment. */
function inert(text: string, tag: string): string {
  return text.replace(new RegExp(`</(?=${tag})`, 'gi'), '<\\/').replaceAll('<!--', '<\\!--');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
