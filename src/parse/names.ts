/**
 * Database, schema and alias of a node: dbt's `generate_*_name` macros. A project that does not override them
 * is served without rendering a macro for every node.
 */
import { Scope } from '../context/scope.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { relation, renderRelation } from '../manifest/relation.ts';
import { fromJs, toText } from '../template/index.ts';
import type { PackageSource, ParseSession } from './session.ts';

const MACROS = {
  schema: 'generate_schema_name',
  alias: 'generate_alias_name',
  database: 'generate_database_name',
} as const;

export class NameResolver {
  private readonly overridden: Record<keyof typeof MACROS, boolean>;

  constructor(private readonly session: ParseSession) {
    const { library } = session;
    this.overridden = {
      schema: library.isOverridden(MACROS.schema),
      alias: library.isOverridden(MACROS.alias),
      database: library.isOverridden(MACROS.database),
    };
  }

  /** Sets database, schema, alias and relation_name of the node from its config, in place. */
  apply(node: CompiledNode, pkg: PackageSource): void {
    const { settings } = this.session.context;
    const custom = (key: 'schema' | 'alias' | 'database') => {
      const value = node.config[key];
      return value === null || value === undefined ? null : String(value);
    };
    // snapshots of the older form name their place outright
    const targetSchema = node.resource_type === 'snapshot' ? node.config.target_schema : undefined;
    const targetDatabase = node.resource_type === 'snapshot' ? node.config.target_database : undefined;
    const schema = custom('schema');
    node.schema =
      typeof targetSchema === 'string' && schema === null
        ? targetSchema
        : this.overridden.schema
          ? this.call('schema', schema, node, pkg)
          : schema === null
            ? settings.schema
            : `${settings.schema}_${schema.trim()}`;
    const database = custom('database');
    node.database =
      typeof targetDatabase === 'string' && database === null
        ? targetDatabase
        : this.overridden.database
          ? this.call('database', database, node, pkg)
          : database === null
            ? settings.database
            : database.trim();
    const alias = custom('alias');
    node.alias = this.overridden.alias
      ? this.call('alias', alias, node, pkg)
      : alias !== null
        ? alias.trim()
        : node.version !== undefined && node.version !== null && node.resource_type === 'model'
          ? `${node.name}_v${String(node.version).replaceAll('.', '_')}`
          : node.name;
    node.relation_name = this.relationName(node);
  }

  private relationName(node: CompiledNode): string | null {
    const standing = ['model', 'seed', 'snapshot', 'function'].includes(node.resource_type);
    if (!standing || node.config.materialized === 'ephemeral') return null;
    const { quoting, context } = this.session;
    return renderRelation(
      relation(node.database, node.schema, node.alias, {
        quote: { ...quoting, ...(node.config.quoting ?? {}) },
        quoteChar: context.adapter.dialect.quoteChar,
      }),
    );
  }

  private call(
    kind: keyof typeof MACROS,
    custom: string | null,
    node: CompiledNode,
    pkg: PackageSource,
  ): string {
    const { session } = this;
    const scope: Scope = new Scope({
      library: session.library,
      packageName: session.root.config.name,
      mode: 'sync',
      undefinedMode: 'strict-use',
      names: (name) => {
        if (name === 'var') return session.base.var(pkg.config.name, MACROS[kind]);
        if (name === 'execute') return false;
        if (name === 'adapter') return undefined;
        return session.base.get(name);
      },
    });
    const macro = scope.lookup(MACROS[kind]);
    if (typeof macro !== 'function') return custom ?? node.name;
    return toText(macro(custom, fromJs(node))).trim();
  }
}
