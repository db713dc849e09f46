/** `api.Relation` as templates see it: dbt's members over sq's plain Relation. */
import { SqError } from '../errors.ts';
import {
  type QuotePolicy,
  type Relation,
  type RelationType,
  relation,
  relationKey,
  renderRelation,
} from '../manifest/relation.ts';
import {
  callArguments,
  Dict,
  fromJs,
  HOST_GET,
  HOST_MAPPING,
  type HostObject,
  Kwargs,
} from '../template/index.ts';
import { Namespace } from './host.ts';

/** How the object prints when it stands for something else than the plain name (a limited or staged parent). */
export interface RelationObjectOptions {
  /** Text to render instead of the quoted name: a subquery. */
  text?: string;
  /** What `render()` gives instead of that text: all of the relation. */
  plain?: string;
}

export class RelationObject implements HostObject {
  readonly [HOST_MAPPING] = true;

  constructor(
    readonly relation: Relation,
    private readonly options: RelationObjectOptions = {},
  ) {}

  [HOST_GET](name: string): unknown {
    const rel = this.relation;
    switch (name) {
      case 'database':
      case 'schema':
      case 'identifier':
        return rel[name];
      case 'name':
      case 'table':
        return rel.identifier;
      case 'type':
        return rel.type;
      case 'is_table':
        return rel.type === 'table';
      case 'is_view':
        return rel.type === 'view';
      case 'is_cte':
        return rel.type === 'cte';
      case 'is_materialized_view':
        return rel.type === 'materialized_view';
      case 'is_pointer':
        return rel.type === 'pointer';
      case 'can_be_renamed':
      case 'can_be_replaced':
        return rel.type === 'table' || rel.type === 'view';
      case 'renameable_relations':
      case 'replaceable_relations':
        return ['table', 'view'];
      case 'quote_character':
        return rel.quoteChar;
      case 'quote_policy':
        return fromJs({ ...rel.quote });
      case 'include_policy':
        return fromJs({
          database: rel.database !== null,
          schema: rel.schema !== null,
          identifier: rel.identifier !== null,
        });
      case 'path':
        return fromJs({ database: rel.database, schema: rel.schema, identifier: rel.identifier });
      // dbt_utils asks this to know a relation
      case 'metadata':
        return fromJs({ type: 'BaseRelation' });
      case 'render':
        return () => this.options.plain ?? this.toString();
      case 'render_limited':
        return () => this.toString();
      case 'include':
        return (...args: unknown[]) => this.include(args);
      case 'quote':
        return (...args: unknown[]) => this.requote(args);
      case 'incorporate':
      case 'replace':
        return (...args: unknown[]) => this.incorporate(args);
      case 'replace_path':
        return (...args: unknown[]) =>
          this.replacePath(callArguments(args, ['database', 'schema', 'identifier']));
      case 'without_identifier':
        return () => new RelationObject({ ...rel, identifier: null });
      case 'without_quote':
        return () =>
          new RelationObject({ ...rel, quote: { database: false, schema: false, identifier: false } });
      case 'information_schema':
        return (...args: unknown[]) => this.informationSchema(args);
      case 'information_schema_only':
        return () => this.informationSchema([]);
      case 'matches':
        return (...args: unknown[]) =>
          this.matches(callArguments(args, ['database', 'schema', 'identifier']));
      case 'quoted':
        return (part: unknown) => `${rel.quoteChar}${String(part)}${rel.quoteChar}`;
      case 'get':
        return (key: unknown, fallback: unknown = null) => this[HOST_GET](String(key)) ?? fallback;
      case '__eq__':
        return (other: unknown) =>
          other instanceof RelationObject && relationKey(rel) === relationKey(other.relation);
      case '__hash__':
        return () => relationKey(rel);
      case 'create':
      case 'View':
      case 'Table':
      case 'CTE':
        return relationClass(rel.quote, rel.quoteChar)[HOST_GET](name);
      default:
        return undefined;
    }
  }

  toString(): string {
    return this.options.text ?? renderRelation(this.relation);
  }

  private include(args: unknown[]): RelationObject {
    const wanted = callArguments(args, ['database', 'schema', 'identifier']);
    const rel = this.relation;
    const keep = (part: 'database' | 'schema' | 'identifier') => (wanted[part] === false ? null : rel[part]);
    return new RelationObject({
      ...rel,
      database: keep('database'),
      schema: keep('schema'),
      identifier: keep('identifier'),
    });
  }

  private requote(args: unknown[]): RelationObject {
    const wanted = callArguments(args, ['database', 'schema', 'identifier']);
    const policy = { ...this.relation.quote };
    for (const part of ['database', 'schema', 'identifier'] as const) {
      if (typeof wanted[part] === 'boolean') policy[part] = wanted[part];
    }
    return new RelationObject({ ...this.relation, quote: policy });
  }

  private incorporate(args: unknown[]): RelationObject {
    const given = callArguments(args, ['path', 'type', 'quote_policy', 'include_policy']);
    const path = given.path instanceof Dict ? given.path : undefined;
    const part = (name: 'database' | 'schema' | 'identifier') => {
      const value = path?.get(name);
      return value === undefined || value === null ? this.relation[name] : String(value);
    };
    return new RelationObject({
      ...this.relation,
      database: part('database'),
      schema: part('schema'),
      identifier: part('identifier'),
      type: given.type === undefined ? this.relation.type : asType(given.type),
    });
  }

  private replacePath(given: Record<string, unknown>): RelationObject {
    const part = (name: 'database' | 'schema' | 'identifier') =>
      given[name] === undefined ? this.relation[name] : given[name] === null ? null : String(given[name]);
    return new RelationObject({
      ...this.relation,
      database: part('database'),
      schema: part('schema'),
      identifier: part('identifier'),
    });
  }

  private informationSchema(args: unknown[]): RelationObject {
    const given = callArguments(args, ['view_name']);
    const view = given.view_name === undefined || given.view_name === null ? null : String(given.view_name);
    const text = [
      ...(this.relation.database === null
        ? []
        : [renderRelation({ ...this.relation, schema: null, identifier: null })]),
      'INFORMATION_SCHEMA',
      ...(view === null ? [] : [view]),
    ].join('.');
    return new RelationObject({ ...this.relation, schema: 'INFORMATION_SCHEMA', identifier: view }, { text });
  }

  private matches(given: Record<string, unknown>): boolean {
    return (['database', 'schema', 'identifier'] as const).every(
      (part) =>
        given[part] === undefined ||
        given[part] === null ||
        String(given[part]).toLowerCase() === (this.relation[part] ?? '').toLowerCase(),
    );
  }
}

function asType(value: unknown): RelationType {
  return value === null || value === undefined ? null : (String(value) as RelationType);
}

/** `api.Relation`: the class with its static members. */
export function relationClass(defaults: QuotePolicy, quoteChar: string): Namespace {
  const create = (...args: unknown[]) => {
    const given = callArguments(args, [
      'database',
      'schema',
      'identifier',
      'type',
      'quote_policy',
      'include_policy',
    ]);
    const text = (value: unknown) => (value === undefined || value === null ? null : String(value));
    const quote = { ...defaults };
    if (given.quote_policy instanceof Dict) {
      for (const part of ['database', 'schema', 'identifier'] as const) {
        const wanted = given.quote_policy.get(part);
        if (typeof wanted === 'boolean') quote[part] = wanted;
      }
    }
    return new RelationObject(
      relation(text(given.database), text(given.schema), text(given.identifier), {
        type: asType(given.type),
        quote,
        quoteChar,
      }),
    );
  };
  return new Namespace('class Relation', (name) => {
    switch (name) {
      case 'create':
        return create;
      case 'View':
        return 'view';
      case 'Table':
        return 'table';
      case 'CTE':
        return 'cte';
      case 'External':
        return 'external';
      case 'MaterializedView':
        return 'materialized_view';
      case 'add_ephemeral_prefix':
        return (text: unknown) => `__dbt__cte__${String(text)}`;
      case 'create_from':
      case 'create_from_node':
      case 'create_from_source':
        return (...args: unknown[]) => create(...partsOfNode(args));
      case 'create_ephemeral_from':
        return (...args: unknown[]) => create(...ephemeralParts(args));
      case 'get_default_include_policy':
        return () => fromJs({ database: true, schema: true, identifier: true });
      case 'get_default_quote_policy':
        return () => fromJs({ ...defaults });
      case 'scd_args':
        return (...args: unknown[]) => {
          const given = callArguments(args, ['primary_key', 'updated_at']);
          const keys = Array.isArray(given.primary_key) ? given.primary_key : [given.primary_key];
          return [...keys, given.updated_at];
        };
      default:
        return undefined;
    }
  });
}

/** The node among the arguments of `create_from(config, node)`: the last one that names a place. */
function nodeOf(args: readonly unknown[]): Dict {
  const node = args.findLast((arg) => arg instanceof Dict && arg.get('name') !== undefined);
  if (node instanceof Dict) return node;
  throw new SqError({
    kind: 'Compilation',
    code: 'not-a-node',
    message: 'api.Relation.create_from needs a node, as graph.nodes has them',
  });
}

function partsOfNode(args: readonly unknown[]): unknown[] {
  const node = nodeOf(args);
  const identifier = node.get('identifier') ?? node.get('alias') ?? node.get('name');
  return [Kwargs.of({ database: node.get('database'), schema: node.get('schema'), identifier })];
}

function ephemeralParts(args: readonly unknown[]): unknown[] {
  return [Kwargs.of({ identifier: `__dbt__cte__${String(nodeOf(args).get('name'))}`, type: 'cte' })];
}

/** The plain relation behind a template value; a string is refused with a clear message. */
export function relationOf(value: unknown, macro: string): Relation {
  if (value instanceof RelationObject) return value.relation;
  throw new SqError({
    kind: 'Compilation',
    code: 'not-a-relation',
    message: `${macro} needs a Relation (from ref(), source(), this or api.Relation.create), got ${value === null || value === undefined ? 'None' : JSON.stringify(String(value))}`,
  });
}
