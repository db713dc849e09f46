/** What the parts of one run share. */
import { posix } from 'node:path';
import type { Dialect } from '../adapters/contract.ts';
import type { CompiledSql, CompileOptions } from '../compile/contract.ts';
import { type Invocation, scrub } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { CompiledFields } from '../parse/contract.ts';
import { Artefacts } from './artefacts.ts';
import type { ExecuteRequest, NodeResult } from './contract.ts';
import { InheritedDocs } from './inherited-docs.ts';
import { NodeReporter } from './node-reporter.ts';
import { OwnedRelations } from './owned-relations.ts';
import { Attempts, RETRY_POLICY } from './retry.ts';
import { SchemaMaker } from './schemas.ts';
import { InputTypes } from './unit-test-types.ts';
import { createWarehouse, type Warehouse } from './warehouse.ts';

export interface RunState {
  readonly request: ExecuteRequest;
  readonly invocation: Invocation;
  readonly dialect: Dialect;
  readonly warehouse: Warehouse;
  readonly artefacts: Artefacts;
  readonly reporter: NodeReporter;
  readonly schemas: SchemaMaker;
  readonly owned: OwnedRelations;
  readonly inherited: InheritedDocs;
  readonly inputTypes: InputTypes;
  /** In the order of finishing. */
  readonly results: NodeResult[];
  readonly compiled: Map<string, CompiledFields>;
  /** Where unit tests were compiled to; they have no compiled fields in the manifest. */
  readonly unitTestPaths: Map<string, string>;
  /** Attempts of a node's work, or of the run's own (`name`). */
  attempts(name: string): Attempts;
  /** 8 hex digits of the invocation. */
  readonly runId: string;
  /** Set when fail-fast or Ctrl-C has ended the run early: what fails from then on was cancelled. */
  ending: 'fail-fast' | 'interrupt' | undefined;
}

/** `total`: how many nodes the run counts. */
export function createRunState(request: ExecuteRequest, total: number): RunState {
  const { context, compiler } = request;
  const { invocation, adapter, settings } = context;
  const warehouse = request.warehouse ?? createWarehouse(context, request.driver, { dryRun: request.dryRun });
  const { dialect } = adapter;
  const quote = { database: true, schema: true, identifier: true, ...context.project.quoting };
  const policy = { ...RETRY_POLICY, ...request.retry };
  return {
    request,
    invocation,
    dialect,
    warehouse,
    artefacts: new Artefacts(context.targetPath, context.projectDir, invocation.secrets),
    reporter: new NodeReporter({ invocation, total, database: settings.database }),
    schemas: new SchemaMaker({ warehouse, compiler, dialect, quote, dryRun: request.dryRun }),
    owned: new OwnedRelations(request.manifest, settings.database),
    inherited: new InheritedDocs(request),
    inputTypes: new InputTypes(request, warehouse.relations),
    results: [],
    compiled: new Map(),
    unitTestPaths: new Map(),
    attempts: (name) => new Attempts({ policy, classify: dialect.classify, invocation, name }),
    runId: invocation.id.replaceAll('-', '').slice(0, 8),
    ending: undefined,
  };
}

/** Compiles a node, writes `target/compiled` and keeps what the manifest's artefact wants. */
export async function compileInto(
  run: RunState,
  node: CompiledNode,
  options: CompileOptions & { published?: (sql: string) => string; suffix?: string } = {},
): Promise<CompiledSql & { path: string | undefined }> {
  const { secrets } = run.invocation;
  const compiled = await run.request.compiler.compile(node, options);
  const file = batchFile(node, options.suffix);
  const shown = options.published ? options.published(compiled.sql) : compiled.sql;
  const path = run.request.dryRun
    ? run.artefacts.shownPath(file, 'compiled')
    : run.artefacts.write(file, 'compiled', shown);
  run.compiled.set(node.unique_id, {
    compiled_code: scrub(shown, secrets),
    compiled_path: path,
    extra_ctes: compiled.extraCtes.map(({ id, sql }) => ({ id, sql: scrub(sql, secrets) })),
  });
  return { ...compiled, path: run.request.dryRun ? undefined : path };
}

/** A batch has files of its own in a folder of the model's name: `orders/orders_2024-09-17.sql`. */
export function batchFile(node: CompiledNode, suffix: string | undefined): CompiledNode {
  if (suffix === undefined) return node;
  const { dir, name, ext } = posix.parse(node.original_file_path);
  const path = posix.join(dir, name, `${name}_${suffix}${ext}`);
  return { ...node, path, original_file_path: path };
}
