/**
 * `persist_docs: {columns: true, inherited: true}`: columns without a description of their own get the one that they
 * inherit along copied and renamed columns. The analysis is made once a run, for the nodes that ask, when the first
 * of them is reached; a run in which none asks pays nothing.
 */
import type { Analysis } from '../analyze/contract.ts';
import type { ColumnInfo, CompiledNode } from '../manifest/nodes.ts';
import type { ExecuteRequest } from './contract.ts';

export class InheritedDocs {
  private analysis: Promise<Analysis | undefined> | undefined;

  constructor(private readonly request: ExecuteRequest) {}

  /** The node as its relation is to be described. */
  async into(node: CompiledNode): Promise<CompiledNode> {
    if (!asks(node)) return node;
    this.analysis ??= this.analyse();
    const analysed = (await this.analysis)?.nodes.get(node.unique_id);
    const columns: Record<string, ColumnInfo> = { ...node.columns };
    const declared = new Map(Object.values(columns).map((column) => [column.name.toLowerCase(), column]));
    for (const { name, description } of analysed?.columns ?? []) {
      if (description === undefined) continue;
      const own = declared.get(name.toLowerCase());
      // the columns of a contract are those the author lists, no others
      if (own === undefined && node.contract?.enforced) continue;
      columns[own?.name ?? name] = { ...(own ?? bare(name)), description: description.value };
    }
    return { ...node, columns };
  }

  private async analyse(): Promise<Analysis | undefined> {
    const { context, manifest, compiler, selected } = this.request;
    const { analyze } = await import('../analyze/index.ts');
    const select = selected.filter((id) => {
      const node = manifest.get(id);
      return node !== undefined && asks(node as CompiledNode);
    });
    try {
      return await analyze({ context, manifest, compiler, select });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const msg = `persist_docs: descriptions could not be inherited: ${reason.split('\n')[0]}`;
      context.invocation.emit({ name: 'SqNotice', topic: 'persist_docs', msg });
      return undefined;
    }
  }
}

function asks({ config, resource_type }: CompiledNode): boolean {
  const asked = config?.persist_docs as { columns?: unknown; inherited?: unknown } | null | undefined;
  return resource_type !== 'seed' && asked?.columns === true && asked.inherited === true;
}

function bare(name: string): ColumnInfo {
  return {
    name,
    description: '',
    meta: {},
    data_type: null,
    constraints: [],
    quote: null,
    config: { meta: {}, tags: [] },
    tags: [],
    granularity: null,
    doc_blocks: [],
  };
}
