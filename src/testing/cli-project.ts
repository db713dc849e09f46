/** A project in a folder of its own and the built command in it, at a clock that stands still, without colours. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Value } from '../adapters/contract.ts';
import { adapterOf } from '../adapters/registry.ts';
import { createInvocation } from '../invocation.ts';
import { type SqCall, sq } from './cli.ts';
import { sqHere } from './cli-here.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLE = ['dbt_project.yml', 'models', 'macros', 'tests', 'project'];

export class CliProject {
  /** Holds the project and an empty home: no profile of the person who runs the tests is found. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'sq-e2e-'));
  readonly home = join(this.folder, 'home');
  readonly dir = join(this.folder, 'project');

  constructor(files: Readonly<Record<string, string | Buffer>>) {
    mkdirSync(this.home);
    mkdirSync(this.dir);
    this.write(files);
  }

  /** A copy of the sample at the root of the checkout. */
  static sample(): CliProject {
    const made = new CliProject({});
    for (const part of SAMPLE) cpSync(join(ROOT, part), join(made.dir, part), { recursive: true });
    return made;
  }

  write(files: Readonly<Record<string, string | Buffer>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      writeFileSync(join(this.dir, path), text);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }

  /** Environment of a call: nothing of the caller's but the path. */
  env(more: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
    return { HOME: this.home, NO_COLOR: '1', SQ_TEST_NOW: '2026-11-21T08:00:00Z', ...more };
  }

  /** A line is split at its blanks; give a list where an argument holds one. */
  sq(args: string | readonly string[], env: Readonly<Record<string, string>> = {}): Promise<SqCall> {
    return sq(typeof args === 'string' ? args.split(' ') : args, { cwd: this.dir, env: this.env(env) });
  }

  /** The same within this process. */
  here(args: string | readonly string[], env: Readonly<Record<string, string>> = {}): Promise<SqCall> {
    return sqHere(typeof args === 'string' ? args.split(' ') : args, { cwd: this.dir, env: this.env(env) });
  }

  /** What a call printed, as everybody sees it: folders have names, durations are 0.00s. */
  plain(text: string): string {
    return text
      .replaceAll(this.dir, '<project>')
      .replaceAll(this.home, '<home>')
      .replace(/\d+\.\d\ds/g, '0.00s')
      .replace(/and \d+\.\d\d seconds/g, 'and 0.00 seconds');
  }

  /** Rows of a query on a database of the project; it is closed again, so that the next command can open it. */
  async query(sql: string, database: string): Promise<Value[][]> {
    const adapter = await adapterOf('duckdb');
    const invocation = createInvocation({ cwd: this.dir });
    const settings = adapter.settings(
      { type: 'duckdb', path: join(this.dir, database), schema: 'main' },
      { projectDir: this.dir, projectName: 'test', profileName: 'test', targetName: 'dev', invocation },
    );
    const driver = await adapter.open(settings, {
      invocation,
      projectDir: this.dir,
      threads: 1,
      readOnly: true,
    });
    try {
      return await driver.session({ name: 'test' }, async (session) => (await session.query(sql)).rows);
    } finally {
      await driver.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
