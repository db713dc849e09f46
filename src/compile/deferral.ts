/** `--defer`: parents that are not here are read from where another run has built them. */
import type { Inspector } from '../context/inspector.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';

export interface Deferral {
  /** Vertices of the other run by unique id. */
  vertices: ReadonlyMap<string, GraphNode>;
  /** `--favor-state`: what is not selected is read there even when it is here. */
  favorState: boolean;
}

export interface DeferredRelationsOptions {
  deferral: Deferral | undefined;
  inspector: Inspector | undefined;
  /** Unique ids of this run. */
  selected: readonly string[];
  relationOf: (node: GraphNode) => Relation;
}

export class DeferredRelations {
  private readonly selected: ReadonlySet<string>;

  constructor(private readonly options: DeferredRelationsOptions) {
    this.selected = new Set(options.deferral === undefined ? [] : options.selected);
  }

  /** Where the other run has the node; undefined when it has none, or has it as an ephemeral model. */
  of({ unique_id }: CompiledNode): Relation | undefined {
    const old = this.options.deferral?.vertices.get(unique_id) as CompiledNode | undefined;
    if (old === undefined || !REFERABLE.has(old.resource_type)) return undefined;
    return old.config.materialized === 'ephemeral' ? undefined : this.options.relationOf(old);
  }

  /** What a ref to `target` reads instead of its own relation; undefined: its own. */
  insteadOf(target: CompiledNode): Relation | undefined | Promise<Relation | undefined> {
    const { deferral, inspector, relationOf } = this.options;
    if (deferral === undefined) return undefined;
    const elsewhere = this.of(target);
    if (elsewhere === undefined) return undefined;
    if (deferral.favorState && !this.selected.has(target.unique_id)) return elsewhere;
    if (inspector === undefined) return undefined;
    return inspector.relation(relationOf(target)).then((here) => (here === null ? elsewhere : undefined));
  }
}

const REFERABLE: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);
