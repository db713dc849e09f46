/** What is known of one node after it was looked at; edges name its parents by their place. The cache keeps these. */
import type { AnalysedNode } from './contract.ts';

export const KINDS = ['copied', 'renamed', 'transformed', 'filter'] as const;

export interface FindingEdge {
  /** Place in the node's list of parents. */
  parent: number;
  column: string;
  /** Place in the node's list of columns; -1 for a filter. */
  to: number;
  /** Place in KINDS. */
  kind: number;
  /** The value can be null where the parent's is not. */
  nullable?: true;
  /** The value can come more than once where the parent's comes once. */
  repeated?: true;
}

export interface FoundColumn {
  name: string;
  type: string | null;
  expression?: { start: number; end: number };
}

export interface Finding {
  columns: FoundColumn[];
  origin: AnalysedNode['origin'];
  problem?: string;
  /** It may have more columns than those. */
  open?: true;
  /** Some types are guesses: what does not fit them is no fault of a query. */
  vague?: true;
  edges: FindingEdge[];
  /** Another try may end otherwise: the parser took too long, or broke. Not kept. */
  passing?: true;
}
