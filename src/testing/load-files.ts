/** Loads files through DuckDB's loader: a folder, a declared source, a table. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Driver, Value } from '../adapters/contract.ts';
import { adapter } from '../adapters/duckdb/index.ts';
import type { ListAnswer, LoadAnswer, LoadedFile } from '../adapters/loader-contract.ts';
import type { SqError } from '../errors.ts';
import { createInvocation } from '../invocation.ts';
import type { ExternalTable, SourceNode } from '../manifest/nodes.ts';
import { relation } from '../manifest/relation.ts';

export interface LoadCase {
  /** `a int4, b varchar(3)`; a third word is the column's path. */
  columns: string;
  external?: Partial<ExternalTable>;
  /** Names of the columns of the load. */
  only?: string[];
  maxErrors?: number;
  ledger?: LoadedFile[];
}

/** A source `raw.files` at `data/`, JSON unless said otherwise. */
export function sourceOf({ columns, external }: LoadCase): SourceNode {
  const list = columns.split(/,(?![^(]*\))/).map((text) => {
    const [, name = '', type = '', path] = /^\s*(\S+)\s+(.*?)(?:\s+(\$\S+))?\s*$/.exec(text) ?? [];
    return { name, data_type: type, ...(path === undefined ? {} : { path }) };
  });
  return {
    resource_type: 'source',
    source_name: 'raw',
    name: 'files',
    unique_id: 'source.shop.raw.files',
    original_file_path: 'models/sources.yml',
    config: { enabled: true },
    meta: {},
    source_meta: {},
    external: { location: 'data/', format: 'json', ...external },
    columns: Object.fromEntries(list.map((column) => [column.name, column])),
  } as unknown as SourceNode;
}

export class LoadBench {
  readonly dir = mkdtempSync(join(tmpdir(), 'sq-load-test-'));
  private driver: Driver | undefined;

  constructor(private readonly env: Record<string, string> = {}) {}

  write(files: Record<string, string | Buffer>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      writeFileSync(join(this.dir, path), content);
    }
  }

  /** Everything under `data/` is replaced by these files. */
  data(files: Record<string, string | Buffer>): void {
    rmSync(join(this.dir, 'data'), { recursive: true, force: true });
    this.write(Object.fromEntries(Object.entries(files).map(([name, content]) => [`data/${name}`, content])));
  }

  async list(test: LoadCase): Promise<ListAnswer> {
    const driver = await this.open();
    const order = {
      source: sourceOf(test),
      columns: test.only ?? null,
      into: relation(null, null, 'loaded'),
    };
    const ledger = test.ledger === undefined ? null : { loaded: test.ledger, changed: 'error' as const };
    return driver.session(
      { name: 'test' },
      async (session) => (await driver.loader!({ kind: 'list', ...order, ledger }, session)) as ListAnswer,
    );
  }

  async load(test: LoadCase): Promise<LoadAnswer> {
    const driver = await this.open();
    const { files, statements } = await this.list(test);
    const order = {
      source: sourceOf(test),
      columns: test.only ?? null,
      into: relation(null, null, 'loaded'),
    };
    const request = {
      kind: 'load' as const,
      ...order,
      files,
      statements,
      maxErrors: test.maxErrors ?? 0,
      countRows: test.ledger !== undefined,
    };
    return driver.session(
      { name: 'test' },
      async (session) => (await driver.loader!(request, session)) as LoadAnswer,
    );
  }

  /** Rows of the loaded table, in order; fails when the load was refused. */
  async rows(test: LoadCase): Promise<Value[][]> {
    const answer = await this.load(test);
    if (!answer.loaded) throw new Error(`refused: ${JSON.stringify(answer)}`);
    return this.query('select * from loaded order by all');
  }

  /** The reasons of a refused load, `file:line column: reason`. */
  async refusals(test: LoadCase): Promise<string[]> {
    const answer = await this.load(test);
    if (answer.loaded) throw new Error('loaded');
    return answer.errors.map(
      (error) =>
        `${error.file}:${error.line}${error.column === undefined ? '' : ` ${error.column}`}: ${error.reason}`,
    );
  }

  /** The whole text of the error, with the folder as `<dir>`. */
  async errorOf(work: () => Promise<unknown>): Promise<string> {
    return work().then(
      () => 'no error',
      (error: SqError) => (error.text ?? String(error)).replaceAll(this.dir, '<dir>'),
    );
  }

  async query(sql: string): Promise<Value[][]> {
    const driver = await this.open();
    return driver.session({ name: 'test' }, async (session) => (await session.query(sql)).rows);
  }

  async close(): Promise<void> {
    await this.driver?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async open(): Promise<Driver> {
    if (this.driver !== undefined) return this.driver;
    const invocation = createInvocation({
      cwd: this.dir,
      env: { XDG_CACHE_HOME: join(this.dir, 'cache'), ...this.env },
    });
    const context = {
      projectDir: this.dir,
      projectName: 'shop',
      profileName: 'shop',
      targetName: 'dev',
      invocation,
    };
    const settings = adapter.settings({ type: 'duckdb', path: ':memory:' }, context);
    this.driver = await adapter.open(settings, {
      invocation,
      projectDir: this.dir,
      threads: 2,
      readOnly: false,
    });
    return this.driver;
  }
}
