/**
 * What stands in the warehouse, as far as this run needs to know: one listing query a database over the
 * schemas that are asked for together, then lookups by key, kept up to date by what plans say they did.
 */
import type { Dialect, Driver } from '../adapters/contract.ts';
import { type Relation, type RelationType, relation, relationKey } from '../manifest/relation.ts';

export interface SchemaName {
  database: string | null;
  schema: string;
}

export interface RelationCacheOptions {
  driver: Driver;
  dialect: Dialect;
  /** Database of relations that name none. */
  database: string;
}

/** What is known of one schema: filled once its listing has come. */
interface Listing {
  byKey: Map<string, Relation>;
  /** What the listing found, by name: see `startingWith`. Sorted when first asked for. */
  found: Relation[];
  sorted: boolean;
  loaded: boolean;
  /** Keys of relations that no view read then. */
  unread: Set<string>;
  /** What happened while the listing was under way. */
  later: (() => void)[];
  done: Promise<void>;
}

const OWNER = { name: 'list_relations' };

export class RelationCache {
  private readonly listings = new Map<string, Listing>();
  private readonly schemaNames = new Map<string, Promise<Set<string>>>();

  constructor(private readonly options: RelationCacheOptions) {}

  /** Lists the schemas that are not known yet: one query a database. */
  async prepare(schemas: Iterable<SchemaName>): Promise<void> {
    const wanted: Promise<void>[] = [];
    const missing = new Map<string, { database: string | null; schemas: string[] }>();
    for (const { database, schema } of schemas) {
      const listing = this.listings.get(this.schemaKey(database, schema));
      if (listing !== undefined) {
        if (!listing.loaded) wanted.push(listing.done);
        continue;
      }
      const name = (database ?? this.options.database).toLowerCase();
      const group = missing.get(name) ?? { database: database ?? this.options.database, schemas: [] };
      if (!group.schemas.includes(schema)) group.schemas.push(schema);
      missing.set(name, group);
    }
    for (const group of missing.values()) wanted.push(this.list(group.database, group.schemas));
    if (wanted.length > 0) await Promise.all(wanted);
  }

  /** What stands under the name now, with its type, or null. */
  async find(wanted: Relation): Promise<Relation | null> {
    if (wanted.schema === null) return null;
    await this.prepare([{ database: wanted.database, schema: wanted.schema }]);
    return this.peek(wanted);
  }

  /** The same without asking the warehouse: null also where the schema has not been listed. */
  peek(wanted: Relation): Relation | null {
    const found = this.listings
      .get(this.schemaKey(wanted.database, wanted.schema))
      ?.byKey.get(this.keyOf(wanted));
    return found === undefined ? null : { ...found, quote: wanted.quote, quoteChar: wanted.quoteChar };
  }

  /**
   * Relations beside `rel` that stood there when the schema was listed and whose name begins with `prefix`, in
   * any case. A search in a sorted list: every node asks.
   */
  startingWith(rel: Relation, prefix: string): Relation[] {
    const listing = this.listings.get(this.schemaKey(rel.database, rel.schema));
    if (listing === undefined) return [];
    const { found } = listing;
    if (!listing.sorted) {
      found.sort((a, b) => (lowerName(a) < lowerName(b) ? -1 : 1));
      listing.sorted = true;
    }
    const lower = prefix.toLowerCase();
    let low = 0;
    let high = found.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lowerName(found[middle]!) < lower) low = middle + 1;
      else high = middle;
    }
    const out: Relation[] = [];
    for (let i = low; i < found.length && lowerName(found[i]!).startsWith(lower); i++) {
      const known = this.peek({ ...found[i]!, quote: rel.quote });
      if (known !== null) out.push(known);
    }
    return out;
  }

  /** False when no view read it when its schema was listed: those of this run that do come after it. */
  mayBeRead(rel: Relation): boolean {
    return this.listings.get(this.schemaKey(rel.database, rel.schema))?.unread.has(this.keyOf(rel)) !== true;
  }

  async relations(database: string | null, schema: string): Promise<Relation[]> {
    await this.prepare([{ database, schema }]);
    return [...(this.listings.get(this.schemaKey(database, schema))?.byKey.values() ?? [])];
  }

  /** Names of the schemas of a database, as the engine spells them. */
  async schemas(database: string | null): Promise<string[]> {
    return [...(await this.schemaSet(database))];
  }

  async hasSchema({ database, schema }: SchemaName): Promise<boolean> {
    const lower = schema.toLowerCase();
    for (const name of await this.schemaSet(database)) if (name.toLowerCase() === lower) return true;
    return false;
  }

  /** A relation (or, without identifier, a schema) exists now. */
  added(rel: Relation): void {
    if (rel.schema === null) return;
    if (rel.identifier === null) this.addedSchema({ database: rel.database, schema: rel.schema });
    else this.change(rel, (byKey) => byKey.set(this.keyOf(rel), rel));
  }

  /** A relation (or, without identifier, a schema with all it held) is gone. */
  dropped(rel: Relation): void {
    if (rel.identifier !== null) this.change(rel, (byKey) => byKey.delete(this.keyOf(rel)));
    else if (rel.schema !== null) {
      this.change(rel, (byKey) => byKey.clear());
      const { schema } = rel;
      const names = this.schemaNames.get(this.databaseKey(rel.database));
      names?.then(
        (set) => {
          for (const name of set) if (name.toLowerCase() === schema.toLowerCase()) set.delete(name);
        },
        () => {},
      );
    }
  }

  /** What is known of the schema of `rel` may be wrong: it is listed again when it is next asked for. */
  forget(rel: Relation): void {
    this.listings.delete(this.schemaKey(rel.database, rel.schema));
  }

  /** A schema exists now; when it is new, nothing stands in it. */
  addedSchema({ database, schema }: SchemaName, isNew = false): void {
    this.schemaNames.get(this.databaseKey(database))?.then(
      (set) => set.add(schema),
      () => {},
    );
    const key = this.schemaKey(database, schema);
    if (isNew && !this.listings.has(key)) {
      this.listings.set(key, { ...emptyListing(Promise.resolve()), loaded: true });
    }
  }

  private change(rel: Relation, apply: (byKey: Map<string, Relation>) => void): void {
    const listing = this.listings.get(this.schemaKey(rel.database, rel.schema));
    // a schema that was never listed will show the change when it is
    if (listing === undefined) return;
    if (listing.loaded) apply(listing.byKey);
    else listing.later.push(() => apply(listing.byKey));
  }

  private async list(database: string | null, schemas: string[]): Promise<void> {
    const { driver, dialect } = this.options;
    const listings = new Map<string, Listing>();
    const run = async () => {
      const sql = dialect.listRelationsSql(database, schemas, this.options.database);
      const { rows } = await driver.session(OWNER, (session) => session.query(sql));
      for (const [db, schema, name, type, read] of rows) {
        const rel = relation(textOf(db), textOf(schema), textOf(name), {
          type: textOf(type) as RelationType,
          quoteChar: dialect.quoteChar,
        });
        const listing = listings.get(this.schemaKey(rel.database, rel.schema));
        listing?.byKey.set(this.keyOf(rel), rel);
        listing?.found.push(rel);
        if (read === false) listing?.unread.add(this.keyOf(rel));
      }
      for (const listing of listings.values()) {
        listing.loaded = true;
        for (const change of listing.later.splice(0)) change();
      }
    };
    const done = run();
    for (const schema of schemas) {
      const listing = emptyListing(done);
      const key = this.schemaKey(database, schema);
      listings.set(key, listing);
      this.listings.set(key, listing);
    }
    try {
      await done;
    } catch (error) {
      for (const key of listings.keys()) this.listings.delete(key);
      throw error;
    }
  }

  private schemaSet(database: string | null): Promise<Set<string>> {
    const key = this.databaseKey(database);
    const known = this.schemaNames.get(key);
    if (known !== undefined) return known;
    const { driver, dialect } = this.options;
    const sql = dialect.listSchemasSql(database ?? this.options.database, this.options.database);
    const listed = driver
      .session({ name: 'list_schemas' }, (session) => session.query(sql))
      .then(({ rows }) => new Set(rows.map((row) => textOf(row[0]) ?? '')));
    this.schemaNames.set(key, listed);
    listed.catch(() => this.schemaNames.delete(key));
    return listed;
  }

  /** The database of the connection. */
  get database(): string {
    return this.options.database;
  }

  private keyOf(rel: Relation): string {
    return relationKey(rel.database === null ? { ...rel, database: this.options.database } : rel);
  }

  private schemaKey(database: string | null, schema: string | null): string {
    return `${this.databaseKey(database)}\u0000${(schema ?? '').toLowerCase()}`;
  }

  private databaseKey(database: string | null): string {
    return (database ?? this.options.database).toLowerCase();
  }
}

function emptyListing(done: Promise<void>): Listing {
  return { byKey: new Map(), found: [], unread: new Set(), sorted: false, loaded: false, later: [], done };
}

function lowerName(rel: Relation): string {
  return (rel.identifier ?? '').toLowerCase();
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
