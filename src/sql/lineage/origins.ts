/** Where a value comes from: columns of the query's relations, and how each reaches it. */
import type { SourceColumn } from '../contract.ts';

/** One object for each column of each relation of a query, so that sets and maps can hold it. */
export type Leaf = SourceColumn;

/** How a column reaches a value, as bits; reached in two ways, the bits of both hold. */
export const AS_IS = 0;
export const IN_EXPRESSION = 1;
export const NULLABLE = 2;
export const REPEATED = 4;

export type Origins = ReadonlyMap<Leaf, number>;

export const NO_ORIGINS: Origins = new Map();

/** The origins of several values together, each with `bits` added. */
export function together(parts: readonly Origins[], bits = 0): Origins {
  const full = parts.filter((part) => part.size > 0);
  if (full.length === 0) return NO_ORIGINS;
  if (full.length === 1 && bits === 0) return full[0]!;
  const all = new Map<Leaf, number>();
  for (const part of full) {
    for (const [leaf, reach] of part) all.set(leaf, (all.get(leaf) ?? 0) | reach | bits);
  }
  return all;
}

export function marked(origins: Origins, bits: number): Origins {
  return bits === 0 ? origins : together([origins], bits);
}

export interface Field {
  name: string;
  origins: Origins;
  unnamed?: true;
  /** The item of a SELECT it was written as; what a star gives keeps its own. */
  node?: unknown;
}

/** What a query or an item of FROM gives: its columns, and where it may have more of them. */
export interface Rows {
  fields: readonly Field[];
  /** Origins of a column that is not in the list; absent where the list is the whole truth. */
  rest?: (name: string) => Origins;
}

export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  const wanted = name.toLowerCase();
  return fields.find((field) => field.name.toLowerCase() === wanted);
}
