/**
 * A topological order that takes new edges: an edge that would close a cycle is refused, any other is taken
 * and the order mended around it (Pearce and Kelly, "A dynamic topological sort algorithm", 2006). An edge
 * that agrees with the order, the usual case, costs nothing.
 */
export class DynamicOrder {
  private readonly position = new Map<string, number>();
  private readonly children = new Map<string, string[]>();
  private readonly parents = new Map<string, string[]>();

  /** `order`: every vertex, parents first; `parentsOf`: their edges. */
  constructor(order: readonly string[], parentsOf: ReadonlyMap<string, readonly string[]>) {
    for (const [i, id] of order.entries()) this.position.set(id, i);
    for (const [id, parents] of parentsOf) for (const parent of parents) this.connect(parent, id);
  }

  /** Adds the edge and answers true, or answers false when `to` stands above `from`. */
  add(from: string, to: string): boolean {
    if (from === to) return false;
    const first = this.position.get(to) as number;
    const last = this.position.get(from) as number;
    if (last > first) {
      const below = this.reach(to, this.children, (position) => position <= last);
      if (below.includes(from)) return false;
      const above = this.reach(from, this.parents, (position) => position >= first);
      this.reorder([...this.sorted(above), ...this.sorted(below)]);
    }
    this.connect(from, to);
    return true;
  }

  /** The one of these that comes last: edges from all others to it are always taken. */
  last(ids: readonly string[]): string {
    return ids.reduce((a, b) =>
      (this.position.get(a) as number) > (this.position.get(b) as number) ? a : b,
    );
  }

  private connect(from: string, to: string): void {
    append(this.children, from, to);
    append(this.parents, to, from);
  }

  private reach(
    start: string,
    next: ReadonlyMap<string, readonly string[]>,
    within: (position: number) => boolean,
  ): string[] {
    const found = new Set([start]);
    for (const id of found) {
      for (const other of next.get(id) ?? [])
        if (within(this.position.get(other) as number)) found.add(other);
    }
    return [...found];
  }

  private sorted(ids: string[]): string[] {
    return ids.sort((a, b) => (this.position.get(a) as number) - (this.position.get(b) as number));
  }

  private reorder(ids: string[]): void {
    const places = ids.map((id) => this.position.get(id) as number).sort((a, b) => a - b);
    for (const [i, id] of ids.entries()) this.position.set(id, places[i] as number);
  }
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
