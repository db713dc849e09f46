/**
 * What static analysis says of a project: the columns of every node and where each comes from. It is made from
 * compiled SQL alone (the tables need not exist), node by node in the order of the graph, and one node that cannot
 * be analysed hides no other: it says why, and its columns then come from the catalog or from its YAML.
 */

import type { Compiler } from '../compile/contract.ts';
import type { Column } from '../manifest/column.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ProjectContext } from '../parse/contract.ts';

export interface AnalyzeRequest {
  context: Pick<ProjectContext, 'adapter' | 'targetPath' | 'projectDir' | 'invocation'>;
  manifest: Manifest;
  /** With or without an inspector: a template that cannot be rendered without one is that node's problem. */
  compiler: Compiler;
  /** Columns of relations as the warehouse has them, by unique id: for sources, and for the words of types. */
  catalog?: ReadonlyMap<string, readonly Column[]>;
  /** Unique ids that are asked about; what stands above them is analysed too. Default: everything. */
  select?: Iterable<string>;
  /** Compiled code of nodes that were compiled before, so that it is not done twice. */
  compiled?: (uniqueId: string) => string | undefined;
  /** Called when a node is done, with how many are and how many there are. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * How a column of a parent reaches a node: `copied` under its own name, `renamed` as it is under another name,
 * `transformed` in an expression, or `filter`: it decides which rows there are (where, join, group, window) and
 * is in no column's value.
 */
export type EdgeKind = 'copied' | 'renamed' | 'transformed' | 'filter';

export interface ColumnAddress {
  /** Unique id of a model, seed, snapshot or source. */
  node: string;
  /** Name as the node gives it out, in the spelling of the analysis. */
  column: string;
}

export interface ColumnEdge {
  from: ColumnAddress;
  /** The column is null where the kind is `filter`: such a column bears on every row of the node. */
  to: { node: string; column: string | null };
  kind: EdgeKind;
}

/** A description, tag or test that a column has because it is a copied or renamed one of `from`. */
export interface Inherited<T> {
  value: T;
  from: ColumnAddress;
}

export interface AnalysedColumn {
  name: string;
  /** In the words of the target's engine where the catalog says it, else of the embedded engine; null: not known. */
  type: string | null;
  /** Where in the node's compiled code the expression stands, as offsets of characters [start, end). */
  expression?: { start: number; end: number };
  /** Only where the author wrote none. */
  description?: Inherited<string>;
  tags?: Inherited<string>[];
  /** Unique ids of tests of an ancestor's column that hold for this one as well. */
  tests?: Inherited<string>[];
}

export interface AnalysedNode {
  unique_id: string;
  columns: AnalysedColumn[];
  /** Where the list of columns is from. */
  origin: 'analysis' | 'catalog' | 'yaml' | 'none';
  /** Why the node could not be analysed, in one line for a person. */
  problem?: string;
}

export interface Analysis {
  nodes: ReadonlyMap<string, AnalysedNode>;
  /** In the order of the graph, then of the columns: the same project gives the same list. */
  edges: readonly ColumnEdge[];
}
