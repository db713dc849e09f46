/**
 * Runs a tiny project through the real pipeline in this process: files in a temporary folder, parsed,
 * selected, compiled and executed on DuckDB. Nothing is doubled.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Driver, Value } from '../adapters/contract.ts';
import { createCompiler } from '../compile/index.ts';
import type { SqEvent } from '../events.ts';
import {
  createWarehouse,
  type ExecuteCommand,
  type ExecuteOutcome,
  execute,
  type Warehouse,
} from '../execute/index.ts';
import type { RetryPolicy } from '../execute/retry.ts';
import { createInvocation, type Flags, type Invocation } from '../invocation.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { openProject, type ProjectContext, parseProject } from '../parse/index.ts';
import { parseSelection, selectNodes } from '../select/index.ts';

export interface RunOptions {
  select?: string[];
  exclude?: string[];
  flags?: Partial<Flags>;
  vars?: Record<string, unknown>;
  env?: Record<string, string | undefined>;
  threads?: number;
  signal?: AbortSignal;
  /** Answers in the place of the adapter's own. */
  driver?: Driver;
  /** Stands between the run and the warehouse. */
  through?: (driver: Driver) => Driver;
  retry?: Partial<RetryPolicy>;
  /** Sees every event when it happens, e.g. to abort at one. */
  onEvent?: (event: SqEvent) => void;
}

export interface RunDone {
  outcome: ExecuteOutcome;
  events: SqEvent[];
  /** `model.shop.a success`, one result a line. */
  statuses: string[];
}

export interface Pipeline {
  invocation: Invocation;
  context: ProjectContext;
  manifest: Manifest;
  driver: Driver;
  warehouse: Warehouse;
}

/** A project named `shop` on disk; its database is `shop.duckdb`, schema `main`. */
export class TestProject {
  readonly dir = mkdtempSync(join(tmpdir(), 'sq-project-'));

  constructor(files: Record<string, string>) {
    this.write({ 'dbt_project.yml': 'name: shop\n', ...files });
  }

  write(files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      writeFileSync(join(this.dir, path), text);
    }
  }

  async run(command: ExecuteCommand, options: RunOptions = {}): Promise<RunDone> {
    const events: SqEvent[] = [];
    const emit = (event: SqEvent) => {
      events.push(event);
      options.onEvent?.(event);
    };
    const outcome = await this.open({ command, ...options, emit }, async (pipeline) => {
      const { context, manifest, warehouse, driver, invocation } = pipeline;
      const { spec, selectors } = parseSelection({ select: options.select, exclude: options.exclude });
      const { selected } = selectNodes(manifest, { spec, selectors });
      const compiler = createCompiler({
        context,
        manifest,
        inspector: warehouse.inspector,
        selected: [...selected],
      });
      return execute({
        command,
        context,
        manifest,
        compiler,
        driver,
        warehouse,
        selected: [...selected],
        threads: options.threads ?? 1,
        failFast: invocation.flags.failFast,
        dryRun: invocation.flags.dryRun,
        ...(options.retry && { retry: options.retry }),
      });
    });
    return {
      outcome,
      events,
      statuses: outcome.results.map(({ unique_id, status }) => `${unique_id} ${status}`),
    };
  }

  /** Parses the project and connects for the time of `work`. */
  async open<T>(
    options: RunOptions & { command?: string; emit?: (event: SqEvent) => void },
    work: (pipeline: Pipeline) => Promise<T>,
  ): Promise<T> {
    const invocation = createInvocation({
      cwd: this.dir,
      env: options.env ?? {},
      vars: options.vars,
      flags: { which: options.command ?? 'run', ...options.flags },
      emit: options.emit,
      signal: options.signal,
    });
    const context = await openProject(invocation);
    const { manifest } = await parseProject(context);
    const threads = options.threads ?? 1;
    const opened =
      options.driver ??
      (await context.adapter.open(context.settings, {
        invocation,
        projectDir: context.projectDir,
        threads,
        readOnly: false,
      }));
    const driver = options.through?.(opened) ?? opened;
    const warehouse = createWarehouse(context, driver, { dryRun: invocation.flags.dryRun });
    try {
      return await work({ invocation, context, manifest, driver, warehouse });
    } finally {
      await driver.close();
    }
  }

  /** Rows of a query on the project's database, after the runs. */
  query(sql: string): Promise<Value[][]> {
    return this.open({}, async ({ driver }) => {
      const { rows } = await driver.session({ name: 'test' }, (session) => session.query(sql));
      return rows;
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
