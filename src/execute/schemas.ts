/** Schemas that a run writes to: made when they are missing, each once. */
import type { Dialect } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import { type QuotePolicy, relation } from '../manifest/relation.ts';
import type { SchemaName } from './relations.ts';
import type { Warehouse } from './warehouse.ts';

export interface SchemaMakerOptions {
  warehouse: Warehouse;
  compiler: Compiler;
  dialect: Dialect;
  quote: QuotePolicy;
  dryRun: boolean;
}

export class SchemaMaker {
  /** Under --dry-run: what would have been sent; taken by the first node that is shown. */
  readonly noted: string[] = [];
  private readonly made = new Map<string, Promise<void>>();

  constructor(private readonly options: SchemaMakerOptions) {}

  /** Creates the schemas that do not exist. Throws the engine's error. */
  async ensure(schemas: Iterable<SchemaName>): Promise<void> {
    for (const name of schemas) {
      const key = `${name.database ?? ''}\u0000${name.schema}`.toLowerCase();
      let making = this.made.get(key);
      if (making === undefined) {
        making = this.make(name);
        this.made.set(key, making);
        // whoever asks again tries again
        making.catch(() => this.made.delete(key));
      }
      await making;
    }
  }

  private async make(name: SchemaName): Promise<void> {
    const { warehouse, compiler, dialect, quote, dryRun } = this.options;
    if (await warehouse.relations.hasSchema(name)) return;
    const rel = relation(name.database, name.schema, null, { quote, quoteChar: dialect.quoteChar });
    if (compiler.isOverridden('create_schema') && !dryRun) {
      // dbt's macro of this name runs the statement itself; a project that has its own wants it called
      await compiler.callMacro('create_schema', [rel], null);
    } else {
      const sql = String(await compiler.callMacro('get_create_schema_sql', [rel], null)).trim();
      if (dryRun) this.noted.push(sql);
      else await warehouse.driver.batch([sql], { name: 'create_schema' });
    }
    warehouse.relations.addedSchema(name, true);
  }
}
