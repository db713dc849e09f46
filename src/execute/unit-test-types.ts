/**
 * Types of an input's columns where its table is not there: those that its property file declares, then, on the
 * embedded engine, those that the project's SQL tells. The analysis is made once a run, when the first is needed.
 */
import type { Analysis } from '../analyze/contract.ts';
import type { CompiledNode, GraphNode, SourceNode } from '../manifest/nodes.ts';
import type { ExecuteRequest } from './contract.ts';
import type { RelationCache } from './relations.ts';

export class InputTypes {
  private analysis: Promise<Analysis | undefined> | undefined;

  constructor(
    private readonly request: ExecuteRequest,
    private readonly relations: RelationCache,
  ) {}

  /** Null: the warehouse is asked (macro get_fixture_sql), which is an error where there is no such relation. */
  async of(
    node: GraphNode,
    rows: readonly Record<string, unknown>[],
  ): Promise<Record<string, string> | null> {
    if ((await this.relations.find(this.request.compiler.relationOf(node))) !== null) return null;
    const declared = declaredTypes(node);
    // without a contract the model may read columns that no row names and nobody has declared
    const isComplete = (node as CompiledNode).contract?.enforced === true;
    const all = isComplete ? declared : new Map([...(await this.analysedTypes(node)), ...declared]);
    return all.size > 0 && names(rows).every((name) => all.has(name)) ? asRecord(all) : null;
  }

  private async analysedTypes({ unique_id }: GraphNode): Promise<Typed> {
    // types are told in the embedded engine's words
    if (this.request.context.adapter.dialect.scratchDatabase === undefined) return new Map();
    this.analysis ??= this.analyse();
    const columns = (await this.analysis)?.nodes.get(unique_id)?.columns ?? [];
    return new Map(
      columns.flatMap(({ name, type }) => (type === null ? [] : [[name.toLowerCase(), { name, type }]])),
    );
  }

  /** Of the parents of all models that this run tests. */
  private async analyse(): Promise<Analysis | undefined> {
    const { context, manifest, compiler, selected } = this.request;
    const { analyze } = await import('../analyze/index.ts');
    const parentsOf = (id: string) => manifest.index.get(id)?.parents ?? [];
    const tested = selected
      .filter((id) => manifest.index.get(id)?.resource_type === 'unit_test')
      .flatMap(parentsOf);
    const select = new Set([...tested, ...tested.flatMap(parentsOf)]);
    try {
      return await analyze({ context, manifest, compiler, select });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const msg = `types of parents could not be told from the project's SQL: ${reason.split('\n')[0]}`;
      context.invocation.emit({ name: 'SqNotice', topic: 'unit tests', msg });
      return undefined;
    }
  }
}

type Typed = Map<string, { name: string; type: string }>;

function declaredTypes(node: GraphNode): Typed {
  const columns = Object.values((node as CompiledNode | SourceNode).columns ?? {});
  return new Map(
    columns.flatMap(({ name, data_type: type }) =>
      typeof type === 'string' && type !== '' ? [[name.toLowerCase(), { name, type }]] : [],
    ),
  );
}

function names(rows: readonly Record<string, unknown>[]): string[] {
  return rows.flatMap((row) => Object.keys(row).map((name) => name.toLowerCase()));
}

function asRecord(types: Typed): Record<string, string> {
  return Object.fromEntries([...types.values()].map(({ name, type }) => [name, type]));
}
