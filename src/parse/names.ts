/**
 * Database, schema and alias of a node: dbt's `generate_*_name` macros. A project that does not override them
 * is served without rendering a macro for every node.
 */
import { adapterObject } from '../context/adapter-object.ts';
import type { Namespace } from '../context/host.ts';
import { Scope } from '../context/scope.ts';
import type { CompiledNode, MacroNode } from '../manifest/nodes.ts';
import { relation, renderRelation } from '../manifest/relation.ts';
import { fromJs, toText } from '../template/index.ts';
import type { PackageSource, ParseSession } from './session.ts';

const MACROS = {
  schema: 'generate_schema_name',
  alias: 'generate_alias_name',
  database: 'generate_database_name',
} as const;

type Part = keyof typeof MACROS;

export class NameResolver {
  /** The macro that names one part for the nodes of a package; null for dbt's own, which needs no rendering. */
  private readonly macros = new Map<string, MacroNode | null>();

  constructor(private readonly session: ParseSession) {}

  /** Sets database, schema, alias and relation_name of the node from its config, in place and in dbt's order. */
  apply(node: CompiledNode, pkg: PackageSource): void {
    const { settings } = this.session.context;
    const custom = (part: Part) => {
      const value = node.config[part];
      return value === null || value === undefined ? null : String(value);
    };
    const named = (part: Part, usual: (given: string | null) => string) => {
      const macro = this.macroFor(part, pkg);
      return macro === null ? usual(custom(part)) : this.call(macro, part, custom(part), node, pkg);
    };
    // a macro that names one part sees the target's database and schema, and then what was named before
    node.schema = settings.schema;
    node.database = settings.database;
    node.database = named('database', (given) => given?.trim() ?? settings.database);
    node.schema = named('schema', (given) =>
      given === null ? settings.schema : `${settings.schema}_${given.trim()}`,
    );
    node.alias = named('alias', (given) => given?.trim() ?? usualAlias(node));
    if (node.resource_type === 'snapshot') {
      // snapshots of the older form name their place outright
      const { target_schema: schema, target_database: database } = node.config;
      if (typeof schema === 'string' && schema !== '') node.schema = schema;
      if (typeof database === 'string' && database !== '') node.database = database;
    }
    node.relation_name = this.relationName(node);
  }

  /** dbt's rule: nodes of a package are named by a macro of that package, all others by the root project's. */
  private macroFor(part: Part, pkg: PackageSource): MacroNode | null {
    const { library } = this.session;
    const name = MACROS[part];
    const key = `${pkg.config.name}.${name}`;
    let macro = this.macros.get(key);
    if (macro === undefined) {
      const own = pkg.isRoot ? undefined : library.source.macro(pkg.config.name, name);
      macro = own ?? (library.isOverridden(name) ? library.find(name, this.rootName) : undefined) ?? null;
      this.macros.set(key, macro);
    }
    return macro;
  }

  private get rootName(): string {
    return this.session.root.config.name;
  }

  private relationName(node: CompiledNode): string | null {
    const { config, resource_type: type } = node;
    const standing =
      ['model', 'seed', 'snapshot', 'function'].includes(type) ||
      (type === 'test' && config.store_failures === true);
    if (!standing || config.materialized === 'ephemeral') return null;
    const { quoting, context } = this.session;
    return renderRelation(
      relation(node.database, node.schema, node.alias, {
        quote: quoting,
        quoteChar: context.adapter.dialect.quoteChar,
      }),
    );
  }

  private call(
    macro: MacroNode,
    part: Part,
    custom: string | null,
    node: CompiledNode,
    pkg: PackageSource,
  ): string {
    const { session } = this;
    const scope: Scope = new Scope({
      library: session.library,
      packageName: macro.package_name,
      mode: 'sync',
      undefinedMode: 'strict-use',
      names: (name) => {
        if (name === 'var') return session.base.var(pkg.config.name, MACROS[part]);
        if (name === 'execute') return false;
        if (name === 'adapter') return parseAdapter(session, scope, node.unique_id);
        return session.base.get(name);
      },
    });
    return toText(scope.bind(macro)(custom, fromJs(node))).trim();
  }
}

function usualAlias(node: CompiledNode): string {
  const { version, name } = node;
  return version === null || version === undefined
    ? name
    : `${name}_v${String(version).replaceAll('.', '_')}`;
}

/** `adapter` without a connection: `dispatch`, `type`, `quote`; what would read answers as while parsing. */
export function parseAdapter(session: ParseSession, scope: Scope, owner: string): Namespace {
  const { adapter, settings } = session.context;
  return adapterObject({
    dialect: adapter.dialect,
    inspector: undefined,
    owner,
    database: settings.database,
    quoting: session.quoting,
    emit: () => {},
    dispatch: (macro, namespace) => scope.dispatch(macro, namespace),
    callMacro: (macro, args) => {
      const fn = scope.lookup(macro);
      return typeof fn === 'function' ? fn(...args) : '';
    },
  });
}
