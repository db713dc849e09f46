/** The chunk of columns with what it means: names, owners, and where each column comes from and goes to. */
import { COLUMN_ORIGINS, type ColumnsChunk } from '../../chunks.ts';
import { type Adjacency, adjacency } from '../../layout/adjacency.ts';
import type { Project } from './project.ts';

export class Columns {
  readonly count: number;
  /** Over edges of value: copied, renamed, transformed. */
  readonly parents: Adjacency;
  readonly children: Adjacency;
  readonly owner: Int32Array;
  private readonly kindOf = new Map<number, number>();

  constructor(
    readonly chunk: ColumnsChunk,
    private readonly project: Project,
  ) {
    this.count = chunk.name.length;
    const edges = Int32Array.from(chunk.edges);
    this.parents = adjacency(this.count, edges, false);
    this.children = adjacency(this.count, edges, true);
    this.owner = new Int32Array(this.count);
    for (let v = 0; v < project.count; v++) this.owner.fill(v, chunk.start[v], chunk.start[v + 1]);
    for (let e = 0; e < edges.length; e += 2) {
      this.kindOf.set(this.key(edges[e]!, edges[e + 1]!), Number(chunk.kinds[e >> 1]));
    }
  }

  private key(from: number, to: number): number {
    return from * this.count + to;
  }

  /** Place in EDGE_KINDS. */
  kind(from: number, to: number): number {
    return this.kindOf.get(this.key(from, to)) ?? 2;
  }

  name(c: number): string {
    return this.chunk.names[this.chunk.name[c]!]!;
  }

  /** Empty where it is not known. */
  type(c: number): string {
    return this.chunk.types[this.chunk.type[c]!] ?? '';
  }

  /** Columns of a vertex: the first, and the one after the last. */
  range(v: number): [first: number, end: number] {
    return [this.chunk.start[v]!, this.chunk.start[v + 1]!];
  }

  of(v: number): number[] {
    const [first, end] = this.range(v);
    return Array.from({ length: end - first }, (_, i) => first + i);
  }

  find(v: number, name: string): number {
    return this.of(v).find((c) => this.name(c) === name) ?? -1;
  }

  /** `songplays.artist_id`, for people. */
  label(c: number): string {
    return `${this.project.label(this.owner[c]!)}.${this.name(c)}`;
  }

  /** `model.sparkify.songplays.artist_id`, for links. */
  address(c: number): string {
    return `${this.project.id(this.owner[c]!)}.${this.name(c)}`;
  }

  /** The column of an address; -1 where there is none. A name may hold dots, so each is tried as the border. */
  at(address: string): number {
    for (let dot = address.indexOf('.'); dot !== -1; dot = address.indexOf('.', dot + 1)) {
      const v = this.project.find(address.slice(0, dot));
      const found = v === undefined ? -1 : this.find(v, address.slice(dot + 1));
      if (found !== -1) return found;
    }
    return -1;
  }

  origin(v: number): (typeof COLUMN_ORIGINS)[number] {
    return COLUMN_ORIGINS[Number(this.chunk.origins[v])]!;
  }

  problem(v: number): string | undefined {
    return this.chunk.problems.find(([owner]) => owner === v)?.[1];
  }
}
