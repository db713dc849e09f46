import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ignoreRules } from './ignore-rules.ts';
import { projectIgnores, walkFiles } from './walk.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sq-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
}

const paths = (bases: string[], extensions = ['.sql', '.yml']) =>
  walkFiles(root, bases, { extensions, ignores: projectIgnores(root) }).map(({ path }) => path);

describe('walking a project', () => {
  it('gives files by folder and name, with their stats', () => {
    write('models/b.sql', 'models/a/z.sql', 'models/a/c.yml', 'models/readme.txt');
    expect(paths(['models'])).toEqual(['models/a/c.yml', 'models/a/z.sql', 'models/b.sql']);
    expect(walkFiles(root, ['models'], { extensions: ['.yml'] })).toEqual([
      {
        absolute: join(root, 'models/a/c.yml'),
        path: 'models/a/c.yml',
        base: 'models',
        relative: 'a/c.yml',
        size: 1,
        mtimeMs: expect.any(Number),
        ctimeMs: expect.any(Number),
        ino: expect.any(Number),
      },
    ]);
  });

  it('knows a folder by whatever spelling, once', () => {
    write('models/a.sql', 'project/seeds/b.sql');
    expect(paths(['models/', './models', 'project/seeds', 'gone'])).toEqual([
      'models/a.sql',
      'project/seeds/b.sql',
    ]);
  });

  it('leaves out hidden and temporary files, but not what stands in hidden folders', () => {
    write('models/.a.sql', 'models/#a.sql', 'models/~a.sql', 'models/.h/a.sql', 'models/A.SQL');
    write('models/.ipynb_checkpoints/a.sql');
    expect(paths(['models'])).toEqual(['models/.h/a.sql', 'models/A.SQL']);
  });

  it('follows links to folders and files, survives loops and links to nothing', () => {
    write('shared/common/a.sql', 'models/own.sql');
    symlinkSync(join(root, 'shared/common'), join(root, 'models/linked'));
    symlinkSync('..', join(root, 'shared/common/up'));
    symlinkSync(join(root, 'models'), join(root, 'models/self'));
    symlinkSync(join(root, 'shared/common/a.sql'), join(root, 'models/one.sql'));
    symlinkSync(join(root, 'gone.sql'), join(root, 'models/broken.sql'));
    const found = paths(['models']);
    expect(found).toContain('models/linked/a.sql');
    expect(found).toContain('models/one.sql');
    expect(found).not.toContain('models/broken.sql');
    expect(found.filter((path) => path.startsWith('models/self'))).toEqual([]);
  });

  it('respects .dbtignore', () => {
    write('models/a.sql', 'models/skip/b.sql', 'models/skip/keep.sql', 'models/x_wip.sql');
    writeFileSync(join(root, '.dbtignore'), '# work in progress\n*_wip.sql\nskip/\n!keep.sql\n');
    expect(paths(['models'])).toEqual(['models/a.sql', 'models/skip/keep.sql']);
  });
});

describe('.dbtignore patterns', () => {
  it.each([
    ['a.sql', 'models/a.sql', true],
    ['a.sql', 'models/ba.sql', false],
    ['/a.sql', 'models/a.sql', false],
    ['models/a.sql', 'models/a.sql', true],
    ['models/a', 'models/a/b.sql', true],
    ['a/', 'models/a/b.sql', true],
    ['a/', 'models/a', false],
    ['*.sql', 'models/a.sql', true],
    ['models/*.sql', 'models/a/b.sql', false],
    ['models/**/b.sql', 'models/b.sql', true],
    ['models/**/b.sql', 'models/x/y/b.sql', true],
    ['**/y', 'models/x/y/b.sql', true],
    ['models/**', 'models/x/y.sql', true],
    ['a?.sql', 'models/ab.sql', true],
    ['[!a]*.sql', 'models/a.sql', false],
    ['[ab].sql', 'models/b.sql', true],
    ['\\#a.sql', 'models/#a.sql', true],
    ['a+b.sql', 'models/a+b.sql', true],
  ])('%s and %s: %s', (pattern, path, ignored) => {
    expect(ignoreRules(pattern)(path)).toBe(ignored);
  });
});
