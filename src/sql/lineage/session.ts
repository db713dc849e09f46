/** One question: the relations a query may read, and what was not found. */
import type { KnownRelation, LineageQuery } from '../contract.ts';
import { AS_IS, type Field, type Leaf, type Rows } from './origins.ts';

export class LineageSession {
  readonly unresolved = new Set<string>();
  readonly injected: ReadonlySet<string>;
  readonly dialect: string;
  private readonly leaves = new Map<string, Leaf>();
  private readonly byName = new Map<string, { relation: KnownRelation; index: number }[]>();
  private readonly rows = new Map<number, Rows>();

  constructor(query: Omit<LineageQuery, 'sql'>) {
    this.dialect = query.dialect;
    this.injected = new Set(query.injected?.map((name) => name.toLowerCase()));
    query.relations.forEach((relation, index) => {
      const key = relation.name.at(-1)!.toLowerCase();
      const same = this.byName.get(key);
      if (same === undefined) this.byName.set(key, [{ relation, index }]);
      else same.push({ relation, index });
    });
  }

  leaf(relation: number, column: string): Leaf {
    const key = `${relation}\u0000${column.toLowerCase()}`;
    let leaf = this.leaves.get(key);
    if (leaf === undefined) {
      leaf = { relation, column };
      this.leaves.set(key, leaf);
    }
    return leaf;
  }

  /** Rows of the relation of that name; `parts` as KnownRelation.name. Names with fewer parts fit as well. */
  relation(parts: readonly string[]): Rows | undefined {
    const candidates = this.byName.get(parts.at(-1)!.toLowerCase()) ?? [];
    const found = candidates.find(({ relation }) => fits(relation.name, parts));
    return found && this.rowsOf(found.index, found.relation);
  }

  private rowsOf(index: number, { columns, open }: KnownRelation): Rows {
    let rows = this.rows.get(index);
    if (rows === undefined) {
      const origins = (name: string) => new Map([[this.leaf(index, name), AS_IS]]);
      rows =
        columns === null
          ? { fields: [], rest: origins }
          : {
              fields: columns.map((name): Field => ({ name, origins: origins(name) })),
              ...(open ? { rest: origins } : {}),
            };
      this.rows.set(index, rows);
    }
    return rows;
  }
}

/** Compared from the end, as far as both say something. */
function fits(known: readonly string[], asked: readonly string[]): boolean {
  for (let i = 1; i <= Math.min(known.length, asked.length); i++) {
    if (known.at(-i)!.toLowerCase() !== asked.at(-i)!.toLowerCase()) return false;
  }
  return true;
}
