/** The core chunk with what it means: names by number, numbers by id, neighbours. */
import type { CoreChunk, State } from '../../chunks.ts';
import { type Adjacency, adjacency } from '../../layout/adjacency.ts';

export class Project {
  readonly count: number;
  readonly parents: Adjacency;
  readonly children: Adjacency;
  private ids: Map<string, number> | undefined;
  private lowered: string[] | undefined;

  constructor(readonly core: CoreChunk) {
    this.count = core.count;
    const edges = Int32Array.from(core.edges);
    this.parents = adjacency(core.count, edges, false);
    this.children = adjacency(core.count, edges, true);
  }

  id(v: number): string {
    return this.core.id[v] || `${this.type(v)}.${this.core.packages[this.core.package[v]!]}.${this.name(v)}`;
  }

  /** The vertex of a unique id. */
  find(id: string): number | undefined {
    if (this.ids === undefined) {
      this.ids = new Map();
      for (let v = 0; v < this.count; v++) this.ids.set(this.id(v), v);
    }
    return this.ids.get(id);
  }

  name(v: number): string {
    return this.core.name[v]!;
  }

  /** As people say it: sources with the source's name before it. */
  label(v: number): string {
    const source = this.core.sources[this.core.source[v]!]!;
    return source === '' ? this.name(v) : `${source}.${this.name(v)}`;
  }

  type(v: number): string {
    return this.core.types[this.core.type[v]!]!;
  }

  folder(v: number): string {
    return this.core.folders[this.core.folder[v]!]!;
  }

  file(v: number): string {
    const named = this.core.files[this.core.file[v]!]!;
    const file = named === '' ? `${this.name(v)}.${this.type(v) === 'seed' ? 'csv' : 'sql'}` : named;
    return this.folder(v) === '' ? file : `${this.folder(v)}/${file}`;
  }

  /** What a model is built as; of everything else, what it is. */
  built(v: number): string {
    const type = this.type(v);
    const built = type === 'model' ? this.core.materializations[this.core.materialized[v]!] : '';
    return built || type.replaceAll('_', ' ');
  }

  tags(v: number): readonly string[] {
    return this.core.tagLists[this.core.tags[v]!]!;
  }

  /** Its own state or that of its worst test. */
  worst(v: number): State {
    const { state, failing, warning } = this.core;
    if (failing[v]! > 0) return 4;
    if (warning[v]! > 0 && state[v]! < 3) return 3;
    return state[v]!;
  }

  /** Names in small letters, for searching. */
  get lower(): readonly string[] {
    this.lowered ??= this.core.name.map((_, v) => this.label(v).toLowerCase());
    return this.lowered;
  }

  everything(): Set<number> {
    return new Set(Array.from({ length: this.count }, (_, v) => v));
  }
}
