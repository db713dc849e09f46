/**
 * sq as a library, at the height of its commands: read a project, select, compile, build. Nothing here prints or ends
 * the process. Expected failures are results; an SqError means that the call as a whole could not be carried out.
 */
import { executed, fileResults } from '../cli/run-nodes.ts';
import { selectFor } from '../cli/select-for.ts';
import { stateFolders } from '../cli/state-folders.ts';
import type { ExecuteCommand, ExecuteOutcome, NodeResult } from '../execute/index.ts';
import type { Flags } from '../invocation.ts';
import { type Project, withFlags } from './project.ts';

export { type LoadOptions, load, type Project } from './project.ts';

export interface SelectOptions {
  /** `--select`; nothing: everything. One text may hold several criteria. */
  select?: string | readonly string[];
  exclude?: string | readonly string[];
  /** A name of selectors.yml. */
  selector?: string;
  indirectSelection?: Flags['indirectSelection'];
  resourceTypes?: readonly string[];
  /** Folder with the artefacts of another run, for `state:` and `result:`. */
  state?: string;
}

export interface BuildOptions extends SelectOptions {
  fullRefresh?: boolean;
  failFast?: boolean;
  threads?: number;
  /** Parents that are not here are read from where the run of `state` (or `deferState`) has built them. */
  defer?: boolean;
  deferState?: string;
  favorState?: boolean;
  /** Read no rows from parents. */
  empty?: boolean;
  storeFailures?: boolean;
  /** Plans only: statements arrive as events `DryRunNode`. */
  dryRun?: boolean;
  /** Write manifest.json and run_results.json into the target folder. Default false. */
  artifacts?: boolean;
}

export interface BuildOutcome extends Pick<ExecuteOutcome, 'success' | 'interrupted' | 'elapsed'> {
  /** In the order of finishing, hooks included; as run_results.json has them. */
  results: NodeResult[];
}

export interface CompileOutcome extends BuildOutcome {
  /** Final SQL by unique id. */
  sql: ReadonlyMap<string, string>;
}

/** Unique ids, sorted, as `sq ls` selects them. Throws SqError for a selection that means nothing. */
export function select(project: Project, options: SelectOptions | string | readonly string[] = {}): string[] {
  const wanted =
    typeof options === 'object' && !Array.isArray(options)
      ? (options as SelectOptions)
      : { select: options as string };
  const call = prepared(project, 'ls', wanted, {});
  return selectFor({ ...call, argument: undefined, projectFile: undefined }, call.opened, 'ls').sort();
}

/** Renders nodes to SQL. Throws the SqError of the first that does not compile. */
export async function compile(project: Project, options: BuildOptions = {}): Promise<CompileOutcome> {
  const outcome = await carryOut(project, 'compile', options);
  return {
    ...outcome,
    sql: new Map([...outcome.compiled].map(([id, { compiled_code }]) => [id, compiled_code])),
  };
}

/** Seeds, models, snapshots and their tests, in the order of the graph. */
export function build(project: Project, options: BuildOptions = {}): Promise<BuildOutcome> {
  return carryOut(project, 'build', options);
}

/** Models without tests. */
export function run(project: Project, options: BuildOptions = {}): Promise<BuildOutcome> {
  return carryOut(project, 'run', options);
}

/** Tests of tables that exist. */
export function test(project: Project, options: BuildOptions = {}): Promise<BuildOutcome> {
  return carryOut(project, 'test', options);
}

export function seed(project: Project, options: BuildOptions = {}): Promise<BuildOutcome> {
  return carryOut(project, 'seed', options);
}

export function snapshot(project: Project, options: BuildOptions = {}): Promise<BuildOutcome> {
  return carryOut(project, 'snapshot', options);
}

async function carryOut(
  project: Project,
  command: ExecuteCommand,
  options: BuildOptions,
): Promise<ExecuteOutcome> {
  const { fullRefresh, failFast, threads, empty, storeFailures, dryRun } = options;
  const flags = given({ fullRefresh, failFast, threads, empty, storeFailures, dryRun });
  const call = prepared(project, command, options, flags);
  const session = { invocation: call.invocation, argument: undefined, projectFile: undefined };
  const outcome = await executed(session, call.opened, command);
  if (options.artifacts) fileResults(session, call.opened, outcome);
  return outcome;
}

function prepared(project: Project, which: string, options: BuildOptions, flags: Partial<Flags>) {
  const { indirectSelection, artifacts = false } = options;
  const other = given({
    select: options.select,
    exclude: options.exclude,
    selector: options.selector,
    resource_types: options.resourceTypes,
    state: options.state,
    defer: options.defer,
    defer_state: options.deferState,
    favor_state: options.favorState,
  });
  const members = { ...flags, ...given({ indirectSelection }), writeJson: artifacts };
  const call = withFlags(project, which, members, other);
  return { ...call, opened: { ...call.opened, folders: stateFolders(call.opened.context) } };
}

function given<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
