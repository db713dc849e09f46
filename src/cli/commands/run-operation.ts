/** A macro of the project or of a package, or a statement. */
import { nearest, SqError } from '../../errors.ts';
import { type NodeResult, runMacro, runStatement } from '../../execute/index.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { MacroNode } from '../../manifest/nodes.ts';
import { progressLine } from '../../report/index.ts';
import { connected } from '../connected.ts';
import { inlineNode } from '../inline-node.ts';
import { type Opened, openAndParse, tellFound } from '../open-and-parse.ts';
import { fileResults } from '../run-nodes.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { invocation, argument } = session;
  const { other } = invocation.flags;
  const sql = typeof other.sql === 'string' && other.sql !== '' ? other.sql : undefined;
  const args = (other.args ?? {}) as Record<string, unknown>;
  refuseContradictions(argument, sql, args);
  if (argument !== undefined) other.macro = argument;
  const opened = await openAndParse(session);
  if (sql === undefined || /\{[{%#]/.test(sql)) tellFound(opened);
  const begun = performance.now();
  const result =
    sql === undefined
      ? await callMacro(session, opened, argument as string, args)
      : await runSql(session, opened, sql);
  fileResults(session, opened, {
    results: [result],
    elapsed: (performance.now() - begun) / 1000,
    success: result.status === 'success',
    interrupted: invocation.signal.aborted,
    compiled: new Map(),
  });
  return result.status === 'success' ? 0 : 1;
}

function refuseContradictions(
  macro: string | undefined,
  sql: string | undefined,
  args: Readonly<Record<string, unknown>>,
): void {
  const message =
    macro === undefined && sql === undefined
      ? 'Either a macro name or --sql must be passed to run-operation'
      : macro !== undefined && sql !== undefined
        ? 'Cannot specify both a macro name and --sql for run-operation'
        : sql !== undefined && Object.keys(args).length > 0
          ? '--args cannot be used with --sql; pass arguments directly in the SQL'
          : undefined;
  if (message !== undefined) throw new SqError({ kind: 'Runtime', code: 'operation-arguments', message });
}

async function callMacro(
  { invocation }: Session,
  opened: Opened,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<NodeResult> {
  const dot = name.indexOf('.');
  const packageName = dot === -1 ? undefined : name.slice(0, dot);
  const macro = findMacro(opened, name.slice(dot + 1), packageName);
  if (macro === undefined) {
    const bare = name.slice(dot + 1);
    const exc = `Runtime Error\n  dbt could not find a macro with the name "${bare}" in ${packageName === undefined ? 'any package' : `the "${packageName}" package`}`;
    invocation.emit({ name: 'RunningOperationCaughtError', exc });
    throw new SqError({
      kind: 'Compilation',
      code: 'missing-macro',
      message: `dbt could not find a macro with the name '${bare}' in any package. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
      hint: suggestion(opened.parsed.manifest, bare),
    });
  }
  return connected(opened, { readOnly: false, selected: [], writes: true }, ({ compiler, warehouse }) =>
    runMacro({ context: opened.context, compiler, warehouse }, { macro, args, packageName }),
  );
}

/** The project's own before those of packages, and these before sq's: dbt's order where no package is named. */
function findMacro(
  { context, parsed }: Opened,
  name: string,
  packageName: string | undefined,
): MacroNode | undefined {
  const { manifest } = parsed;
  if (packageName !== undefined) {
    const packages = packageName === 'dbt' ? manifest.macroPackages : [packageName];
    return firstOf(manifest, packages, name);
  }
  return firstOf(manifest, [context.project.name, ...manifest.macroPackages], name);
}

function firstOf(manifest: Manifest, packages: readonly string[], name: string): MacroNode | undefined {
  for (const one of packages) {
    const macro = manifest.macro(one, name);
    if (macro !== undefined) return macro;
  }
  return undefined;
}

function suggestion(manifest: Manifest, name: string): string | undefined {
  const own = manifest.macroPackages[0];
  const names = [...manifest.macros()].filter((macro) => macro.package_name === own).map((one) => one.name);
  const near = nearest(name, names);
  return near === undefined ? undefined : `did you mean '${near}'?`;
}

async function runSql({ invocation }: Session, opened: Opened, sql: string): Promise<NodeResult> {
  const { context } = opened;
  const line = (what: { message: string; status: string; seconds?: number }) =>
    progressLine({ ...what, index: 1, total: 1 }, invocation.flags.printerWidth);
  const note = (msg: string, level?: 'error') =>
    invocation.emit({ name: 'Note', msg, ...(level && { level }) });
  note(line({ message: 'START executing inline_query', status: 'RUN' }));
  const result = await connected(opened, { readOnly: false, selected: [], writes: true }, (connection) =>
    runStatement({ context, ...connection }, inlineNode(sql, context)),
  );
  const seconds = result.execution_time;
  if (result.status === 'success') {
    const status = String(result.adapter_response._message ?? 'OK');
    note(line({ message: 'OK executed inline_query', status, seconds }));
  } else {
    note(line({ message: 'ERROR executing inline_query', status: 'ERROR', seconds }), 'error');
  }
  return result;
}
