/** Common table expressions: each is looked into when it is read, and once. */
import type { Node, WithNode } from '../ast.ts';
import { inside } from '../ast.ts';
import type { Field, Rows } from './origins.ts';
import type { QueryRows } from './query.ts';
import { rowsOfQuery } from './query.ts';
import type { Scope } from './scope.ts';
import type { LineageSession } from './session.ts';

interface Cte {
  name: string;
  columns: readonly string[];
  body: Node;
  /** The names its body sees. */
  around: Ctes;
  /** Known when it was read. */
  rows?: QueryRows;
  /** What a recursive one is known to give so far. */
  provisional?: QueryRows;
}

export class Ctes {
  private constructor(
    readonly session: LineageSession,
    private readonly own: ReadonlyMap<string, Cte>,
    private readonly outer: Ctes | undefined,
  ) {}

  static none(session: LineageSession): Ctes {
    return new Ctes(session, new Map(), undefined);
  }

  /** These and those of a WITH; each of them sees the ones before it, and itself where it is recursive. */
  with(clause: WithNode | null): Ctes {
    let ctes: Ctes = this;
    for (const { alias, this: body, columns } of clause?.ctes ?? []) {
      const name = alias.name.toLowerCase();
      const cte: Cte = { name, columns: columns.map((column) => column.name), body, around: ctes };
      const next = new Ctes(this.session, new Map([[name, cte]]), ctes);
      if (clause?.recursive === true) cte.around = next;
      ctes = next;
    }
    return ctes;
  }

  /** Rows of the expression of that name, and the columns that filter them. */
  find(name: string, parent: Scope | undefined): QueryRows | undefined {
    const key = name.toLowerCase();
    if (this.session.injected.has(key)) return undefined;
    const cte = this.own.get(key);
    if (cte === undefined) return this.outer?.find(name, parent);
    if (cte.provisional !== undefined) return cte.provisional;
    cte.rows ??= this.read(cte, parent);
    return cte.rows;
  }

  private read(cte: Cte, parent: Scope | undefined): QueryRows {
    const anchor = inside<{ left: Node }>(cte.body, 'union');
    if (cte.around.own.get(cte.name) !== cte || anchor === undefined) {
      return renamed(rowsOfQuery(cte.body, cte.around, parent), cte.columns);
    }
    // what the anchor gives flows round until nothing new comes; each round carries a column at least one on
    cte.provisional = { fields: [], filters: new Set(), rest: () => new Map() };
    let rows = renamed(rowsOfQuery(anchor.left, cte.around, parent), cte.columns);
    for (let round = 0; round <= rows.fields.length + 1; round++) {
      cte.provisional = rows;
      const next = renamed(rowsOfQuery(cte.body, cte.around, parent), cte.columns);
      const same = weight(next) === weight(rows);
      rows = next;
      if (same) break;
    }
    cte.provisional = undefined;
    return rows;
  }
}

function weight(rows: QueryRows): number {
  let sum = rows.filters.size;
  for (const { origins } of rows.fields) for (const bits of origins.values()) sum += 8 + bits;
  return sum;
}

/** The same rows with the names of a column list, from the first on. */
export function renamed<T extends Rows>(rows: T, names: readonly string[]): T {
  if (names.length === 0) return rows;
  const fields = rows.fields.map(
    (field, i): Field => (names[i] === undefined ? field : { name: names[i], origins: field.origins }),
  );
  return { ...rows, fields };
}
