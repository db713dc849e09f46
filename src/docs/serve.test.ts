import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedDocs, serveDocs } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'sq-serve-'));
let served: ServedDocs;
beforeAll(async () => {
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'compiled'));
  for (const [name, text] of Object.entries({
    'index.html': '<p>page</p>',
    'manifest.json': '{}',
    'data/code-0.js': 'sqChunk()',
    'compiled/secret.sql': 'select 1',
  }))
    writeFileSync(join(folder, name), text);
  served = await serveDocs({ folder, host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

function get(path: string, { method = 'GET', host = `127.0.0.1:${served.port}` } = {}) {
  return new Promise<{ status: number; type: string | undefined; body: string }>((resolve, reject) => {
    const asked = request(
      { port: served.port, host: '127.0.0.1', path, method, headers: { host } },
      (answer) => {
        let body = '';
        answer.on('data', (part) => {
          body += part;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, type: answer.headers['content-type'], body }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

describe('the server of the page', () => {
  it('gives the page, its chunks and the artefacts', async () => {
    expect(await get('/')).toEqual({ status: 200, type: 'text/html; charset=utf-8', body: '<p>page</p>' });
    expect(await get('/index.html?x=1')).toMatchObject({ status: 200 });
    expect(await get('/data/code-0.js')).toMatchObject({
      type: 'text/javascript; charset=utf-8',
      body: 'sqChunk()',
    });
    expect(await get('/manifest.json')).toMatchObject({ type: 'application/json; charset=utf-8' });
    expect(await get('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/compiled/secret.sql',
    '/../serve.ts',
    '/%2e%2e/serve.ts',
    '/data/../compiled/secret.sql',
    '//etc/passwd',
    '/catalog.json',
  ])('and nothing else: %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('reads only', async () => {
    expect((await get('/', { method: 'POST' })).status).toBe(405);
  });

  it('answers to its own name alone: a page elsewhere cannot point its name here', async () => {
    expect((await get('/', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { host: `localhost:${served.port}` })).status).toBe(200);
  });
});

describe('an address that cannot be had', () => {
  it.each([
    [{ host: '192.0.2.1', port: 0 }, '192.0.2.1 is no address of this machine'],
    [{ host: 'no.such.name.invalid', port: 0 }, 'no.such.name.invalid is no address of this machine'],
  ])('%o', async (where, message) => {
    await expect(serveDocs({ folder, ...where })).rejects.toThrow(message);
  });

  it('a port in use', async () => {
    const { port } = served;
    await expect(serveDocs({ folder, host: '127.0.0.1', port })).rejects.toMatchObject({
      message: `Port ${port} of 127.0.0.1 is in use by another program`,
      hint: `choose another one, 'sq docs serve --port ${port + 1}', or --port 0 for any that is free`,
    });
  });
});
