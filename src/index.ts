/**
 * sq as a library: the rooms in the order of the sentence. Nothing here prints or ends the process; what happens
 * arrives as events at the invocation's sink, expected failures are values, and an SqError means "cannot run".
 */

export { type Analysis, type AnalyzeRequest, analyze } from './analyze/index.ts';
export {
  type BuildOptions,
  type BuildOutcome,
  build,
  type CompileOutcome,
  compile,
  type LoadOptions,
  load,
  type Project,
  run,
  type SelectOptions,
  seed,
  select,
  snapshot,
  test,
} from './api/index.ts';
export { createCompiler } from './compile/index.ts';
export { SqError } from './errors.ts';
export type { SqEvent } from './events.ts';
export { createWarehouse, execute, type NodeResult, showNode } from './execute/index.ts';
export { createInvocation, type Flags, type Invocation, type InvocationOptions } from './invocation.ts';
export type { Manifest, NodeSummary } from './manifest/manifest.ts';
export type * from './manifest/nodes.ts';
export { openProject, type ParsedProject, type ProjectContext, parseProject } from './parse/index.ts';
export { createReporter } from './report/index.ts';
export { selectNodes } from './select/index.ts';
export { createSqlEngine, type SqlEngine } from './sql/index.ts';
export { SQ_VERSION } from './version.ts';
