/** Which relations of the warehouse the project makes. */
import type { Manifest } from '../manifest/manifest.ts';
import { type Relation, relationKey } from '../manifest/relation.ts';

const MAKERS = new Set(['model', 'seed', 'snapshot']);

export class OwnedRelations {
  private keys: ReadonlySet<string> | undefined;

  constructor(
    private readonly manifest: Manifest,
    /** Database of relations that name none. */
    private readonly database: string,
  ) {}

  has({ database, schema, identifier }: Relation): boolean {
    this.keys ??= this.collect();
    return this.keys.has(relationKey({ database: database ?? this.database, schema, identifier }));
  }

  /** Asked for only where something stands in the way. */
  private collect(): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const { resource_type, relation: place } of this.manifest.index.values()) {
      if (place === undefined || !MAKERS.has(resource_type)) continue;
      keys.add(relationKey({ ...place, database: place.database ?? this.database }));
    }
    return keys;
  }
}
