import type { Driver } from '../adapters/contract.ts';
import { type Compiler, createCompiler } from '../compile/index.ts';
import { createWarehouse, queryComments, type Warehouse } from '../execute/index.ts';
import { lazyDriver } from './lazy-driver.ts';
import type { Opened } from './open-and-parse.ts';
import { deferralOf } from './state-folders.ts';

export interface Connected {
  driver: Driver;
  warehouse: Warehouse;
  compiler: Compiler;
}

/** Lends a driver and a compiler that looks through it; closes the driver after. */
export async function connected<T>(
  opened: Opened,
  options: {
    readOnly: boolean;
    selected: readonly string[];
    onlyWhenAsked?: boolean;
    writes?: boolean;
    /** With `onlyWhenAsked`: told of every question, by the name of who asks. */
    onQuestion?: (owner: string) => void;
  },
  work: (connection: Connected) => Promise<T>,
): Promise<T> {
  const { context, parsed } = opened;
  const { invocation, settings, projectDir } = context;
  const { dryRun, introspect } = invocation.flags;
  const deferral = deferralOf(context, opened.folders);
  let compiler: Compiler | undefined;
  const comment = queryComments({
    context,
    manifest: parsed.manifest,
    compiler: () => compiler,
  });
  const open = () =>
    context.adapter.open(settings, {
      invocation,
      projectDir,
      threads: settings.threads,
      readOnly: options.readOnly,
      comment,
    });
  const lazily = options.onlyWhenAsked === true || options.selected.length === 0;
  const driver = lazily ? lazyDriver(open, options.onQuestion) : await open();
  try {
    const warehouse = createWarehouse(context, driver, { dryRun, warnOnWrite: options.writes !== true });
    compiler = createCompiler({
      context,
      manifest: parsed.manifest,
      ...(introspect ? { inspector: warehouse.inspector } : {}),
      selected: options.selected,
      ...(deferral ? { deferral } : {}),
    });
    return await work({ driver, warehouse, compiler });
  } finally {
    await driver.close();
  }
}
