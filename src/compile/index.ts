/**
 * node -> final SQL. `createCompiler` binds a manifest, a connection to look through (or none) and the
 * project's macros; the compiler renders bodies, hooks and macros, and tells where in the author's file a
 * place of compiled SQL comes from. Nothing else turns a ref, source or this into text.
 */
import { BaseNames } from '../context/base.ts';
import { intervalOf } from '../context/interval.ts';
import { MacroLibrary } from '../context/macro-library.ts';
import { RelationObject } from '../context/relation-object.ts';
import { Scope } from '../context/scope.ts';
import { SqError } from '../errors.ts';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import {
  type CompiledNode,
  type GraphNode,
  isSource,
  type MacroNode,
  type SourceNode,
} from '../manifest/nodes.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import { refArgs, sourceArgs } from '../parse/capture.ts';
import type { ProjectContext } from '../parse/contract.ts';
import { ManifestMacros } from '../parse/manifest-macros.ts';
import {
  fromJs,
  Kwargs,
  literalCalls,
  parseTemplate,
  type Template,
  toJs,
  toText,
} from '../template/index.ts';
import { AuthorPlaces, pathOf, spanOf } from './author-places.ts';
import { nodeNames } from './context/node-names.ts';
import { operationNames } from './context/operation-names.ts';
import { namesInstead, overriddenBase } from './context/overrides.ts';
import { testKwargs } from './context/test-kwargs.ts';
import type { AuthorPlace, CompiledSql, CompileOptions, Compiler, Fragment, Inspector } from './contract.ts';
import { type Deferral, DeferredRelations } from './deferral.ts';
import { type Cte, cteName, cteOf, injectCtes } from './ephemeral.ts';
import { commonWindow, sampleWindow } from './event-time.ts';
import { sourceWithin } from './interval-source.ts';
import { eventTimeField, limitedParent, nameSubqueries } from './limited-parent.ts';
import { renderCalls } from './literal-body.ts';
import { missingMacro } from './missing-macro.ts';
import { functionNode, resolveRef, resolveSource } from './references.ts';
import { relationType } from './relation-type.ts';
import { toArgument } from './to-argument.ts';

export type * from './contract.ts';
export type { Deferral } from './deferral.ts';

export interface CompilerOptions {
  context: ProjectContext;
  manifest: Manifest;
  /** Reading access for templates; absent under --no-introspect. */
  inspector?: Inspector;
  /** Unique ids of this run, for `selected_resources`. */
  selected?: readonly string[];
  /** `--defer`. */
  deferral?: Deferral;
}

export function createCompiler(options: CompilerOptions): Compiler {
  return new ProjectCompiler(options);
}

class ProjectCompiler implements Compiler {
  private readonly library: MacroLibrary;
  private readonly base: BaseNames;
  private readonly templates = new Map<string, Template>();
  private readonly places: AuthorPlaces;
  private readonly deferred: DeferredRelations;

  constructor(private readonly options: CompilerOptions) {
    const { context, manifest } = options;
    const { project, profile, adapter, settings, invocation } = context;
    this.places = new AuthorPlaces({
      projectDir: context.projectDir,
      rootPackage: project.name,
      node: (id) => manifest.get(id) as CompiledNode,
    });
    this.deferred = new DeferredRelations({
      deferral: options.deferral,
      inspector: options.inspector,
      selected: options.selected ?? [],
      relationOf: (node) => this.relationOf(node),
    });
    this.library = new MacroLibrary(
      new ManifestMacros(manifest, context),
      adapter.dialect.dispatch.concat('default'),
      project.dispatch,
    );
    this.base = new BaseNames({
      invocation,
      settings,
      dialect: adapter.dialect,
      profileName: profile.name,
      targetName: profile.targetName,
      projectName: project.name,
      vars: {
        cli: invocation.vars,
        root: project.vars,
        rootPackage: project.name,
        packages: context.packageVars,
      },
      quoting: { database: true, schema: true, identifier: true, ...project.quoting },
      interval: intervalOf(invocation.flags),
      onEnvVar: () => {},
    });
  }

  async compile(node: CompiledNode, options: CompileOptions = {}): Promise<CompiledSql> {
    const ctes = new Map<string, Cte>();
    const body = nameSubqueries(await this.renderBody(node, options, ctes));
    const extraCtes = [...ctes.values()];
    this.places.remember(node, extraCtes);
    return { sql: injectCtes(body, extraCtes), body, extraCtes };
  }

  async renderText(
    text: string,
    node: CompiledNode | null,
    options: CompileOptions & { path?: string } = {},
  ): Promise<string> {
    if (!text.includes('{')) return text;
    const path = options.path ?? node?.original_file_path ?? 'text';
    const template = parseTemplate(text, { path });
    const rendered = await this.guard(node, () =>
      template.renderAsync(this.scope(node, options, new Map()).options),
    );
    return nameSubqueries(rendered);
  }

  async callMacro(
    name: string | MacroNode,
    args: readonly unknown[],
    node: CompiledNode | null,
    options: CompileOptions = {},
  ): Promise<unknown> {
    return this.guard(node, async () => {
      const scope = this.scope(node, options, new Map());
      const fn = typeof name === 'string' ? scope.lookup(name) : scope.bind(name);
      if (typeof fn !== 'function') throw missingMacro(String(name), this.library);
      const answer = await fn(...args.map((arg) => toArgument(arg, this.base.context.dialect)));
      return typeof answer === 'string' ? nameSubqueries(answer) : answer;
    });
  }

  async callOperation(
    macro: MacroNode,
    args: Readonly<Record<string, unknown>>,
    packageName: string | undefined,
  ): Promise<unknown> {
    const scope = this.scope(null, { extra: operationNames(macro, this.base) }, new Map(), packageName);
    const values = Object.entries(args).map(([key, value]) => [key, fromJs(value)]);
    return scope.bind(macro)(...(values.length === 0 ? [] : [Kwargs.of(Object.fromEntries(values))]));
  }

  isOverridden(name: string): boolean {
    return this.library.isOverridden(name);
  }

  whoseRelation(identifier: string): NodeSummary | undefined {
    const wanted = identifier.toLowerCase();
    for (const summary of this.options.manifest.index.values()) {
      if (!['model', 'seed', 'snapshot', 'source'].includes(summary.resource_type)) continue;
      if (summary.relation?.identifier.toLowerCase() === wanted) return summary;
    }
    return undefined;
  }

  relationOf(node: GraphNode): Relation {
    const { quoting, dialect } = this.base.context;
    const quoteChar = dialect.quoteChar;
    if (isSource(node)) {
      const own = Object.fromEntries(
        Object.entries(node.quoting).filter(([key, value]) => key in quoting && typeof value === 'boolean'),
      );
      return relation(node.database, node.schema, node.identifier, {
        quote: { ...quoting, ...own },
        quoteChar,
      });
    }
    const compiled = node as CompiledNode;
    return relation(compiled.database, compiled.schema, compiled.alias, {
      quote: { ...quoting, ...(compiled.config.quoting ?? {}) },
      quoteChar,
      type: relationType(compiled),
    });
  }

  deferredRelation(node: CompiledNode): Relation | undefined {
    return this.deferred.of(node);
  }

  locate(node: CompiledNode, compiledSql: string, offset: number): AuthorPlace {
    return this.places.locate(node, compiledSql, offset);
  }

  private async renderBody(
    node: CompiledNode,
    options: CompileOptions,
    ctes: Map<string, Cte>,
  ): Promise<string> {
    if (node.language === 'python' && node.resource_type === 'function') return node.raw_code;
    if (node.language === 'python') {
      throw new SqError({
        kind: 'Compilation',
        code: 'python-model',
        message: `Model ${node.name} is a Python model; sq runs SQL only.`,
        hint: 'disable it for sq (enabled: false), or leave it out: --exclude ' + node.name,
      });
    }
    if (node.test_metadata)
      return this.guard(node, () => this.renderTest(node, this.scope(node, options, ctes)));
    const literal = literalCalls(node.raw_code);
    if (literal) {
      try {
        return await renderCalls(literal, this.scope(node, options, ctes));
      } catch {
        // the full render meets the same error and knows its place
        ctes.clear();
      }
    }
    const template = this.template(node);
    return this.guard(node, () => template.renderAsync(this.scope(node, options, ctes).options));
  }

  /** A generic test is a call of its macro: the same macro for a thousand tests, parsed once. */
  private async renderTest(node: CompiledNode, scope: Scope): Promise<string> {
    const { name, namespace } = node.test_metadata!;
    const kwargs = await testKwargs(node, scope);
    const macro =
      namespace === null
        ? this.library.find(`test_${name}`, node.package_name)
        : this.library.findIn(namespace, `test_${name}`);
    if (!macro) throw missingMacro(`test_${name}`, this.library);
    return toText(await scope.bind(macro)(Kwargs.of(kwargs)));
  }

  private template(node: CompiledNode): Template {
    let template = this.templates.get(node.unique_id);
    if (!template || node.resource_type === 'sql_operation') {
      template = parseTemplate(node.raw_code, { path: pathOf(node), offset: 0, ...spanOf(node) });
      this.templates.set(node.unique_id, template);
    }
    return template;
  }

  private scope(
    node: CompiledNode | null,
    options: CompileOptions,
    ctes: Map<string, Cte>,
    own = this.options.context.project.name,
  ): Scope {
    const packageName = node?.package_name ?? own;
    const { overrides } = options;
    const names = nodeNames({
      base: overrides === undefined ? this.base : overriddenBase(this.base.context, overrides),
      manifest: this.options.manifest,
      inspector: this.options.inspector,
      node,
      packageName,
      scope: () => scope,
      ref: (args, kwargs) => this.ref(args, kwargs, node, packageName, options, ctes),
      source: (args) => this.source(args, node, packageName, options),
      function: (args) =>
        new RelationObject(this.relationOf(functionNode(this.options.manifest, node, args.map(String)))),
      relationOf: (compiled) => this.relationOf(compiled),
      thisRelation: () => this.thisRelation(node, options),
      extra: options.extra ?? {},
      batch: options.batch,
      answers: options.answers,
      projectDir: this.options.context.projectDir,
      selected: () => this.options.selected ?? [],
      deferRelation: () => {
        const rel = node === null ? undefined : this.deferred.of(node);
        return rel === undefined ? null : new RelationObject(rel);
      },
    });
    const scope: Scope = new Scope({
      library: this.library,
      packageName,
      mode: 'async',
      undefinedMode: 'strict-use',
      names,
      overrides: namesInstead(options, this.library, packageName),
    });
    return scope;
  }

  private thisRelation(node: CompiledNode | null, options: CompileOptions): RelationObject | null {
    if (node === null || node.relation_name === undefined) return null;
    return this.fragmentObject(options.resolve?.(node.unique_id), this.relationOf(node));
  }

  private fragmentObject(fragment: Fragment | undefined, published: Relation): RelationObject {
    if (fragment === undefined) return new RelationObject(published);
    if (fragment.kind === 'relation') return new RelationObject(fragment.relation);
    return new RelationObject(published, { text: fragment.sql });
  }

  private ref(
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>>,
    node: CompiledNode | null,
    packageName: string,
    options: CompileOptions,
    ctes: Map<string, Cte>,
  ): RelationObject | Promise<RelationObject> {
    const { manifest } = this.options;
    const uniqueId = resolveRef(manifest, node, refArgs(args.map(toJs), kwargs), packageName);
    const target = manifest.get(uniqueId) as CompiledNode;
    const fragment = options.resolve?.(uniqueId);
    if (target.config.materialized === 'ephemeral' && fragment === undefined) {
      return this.ephemeral(target, options, ctes).then((cte) => this.limited(cte, target, node, options));
    }
    const elsewhere = fragment === undefined ? this.deferred.insteadOf(target) : undefined;
    const given = (rel: Relation | undefined) =>
      this.limited(this.fragmentObject(fragment, rel ?? this.relationOf(target)), target, node, options);
    return elsewhere instanceof Promise ? elsewhere.then(given) : given(elsewhere);
  }

  private async ephemeral(
    target: CompiledNode,
    options: CompileOptions,
    ctes: Map<string, Cte>,
  ): Promise<RelationObject> {
    if (!ctes.has(target.unique_id)) {
      // its own ephemeral parents come first in the list: a CTE can only read those before it
      const sql = nameSubqueries(await this.renderBody(target, options, ctes));
      ctes.set(target.unique_id, cteOf(target.unique_id, target.name, sql));
    }
    const name = relation(null, null, cteName(target.name), {
      type: 'cte',
      quote: { database: false, schema: false, identifier: false },
    });
    return new RelationObject(name);
  }

  private source(
    args: readonly unknown[],
    node: CompiledNode | null,
    packageName: string,
    options: CompileOptions,
  ): RelationObject {
    const [name, table] = sourceArgs(args.map(toJs));
    const { manifest, context } = this.options;
    const uniqueId = resolveSource(manifest, node, name, table, packageName);
    const source = manifest.get(uniqueId) as SourceNode;
    const fragment =
      options.resolve?.(uniqueId) ?? context.adapter.sourceFragment?.(this.sourceNow(source), context);
    return this.limited(this.fragmentObject(fragment, this.relationOf(source)), source, node, options);
  }

  sourceNow(source: SourceNode): SourceNode {
    return sourceWithin(source, this.base);
  }

  /** What a model or snapshot reads of a parent: see limited-parent.ts. */
  private limited(
    object: RelationObject,
    parent: GraphNode,
    node: CompiledNode | null,
    options: CompileOptions,
  ): RelationObject {
    if (node === null || !['model', 'snapshot'].includes(node.resource_type)) return object;
    // rows of a unit test are few, and are to be seen
    const isFixture = options.resolve !== undefined && object.relation.type === 'cte';
    if (isFixture && options.batch === undefined) return object;
    const { invocation } = this.options.context;
    const plain = String(object);
    const text = limitedParent(
      plain,
      this.base.context.dialect.quote(object.relation.identifier ?? parent.name),
      {
        empty: !isFixture && invocation.flags.empty,
        window: isFixture ? options.batch : commonWindow(options.batch, sampleWindow(invocation)),
        field: eventTimeField(parent),
      },
    );
    return text === undefined ? object : new RelationObject(object.relation, { text, plain });
  }

  private async guard<T>(node: CompiledNode | null, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SqError && node) {
        throw this.places.moved(node, error).within({
          resourceType: node.resource_type,
          name: node.name,
          path: node.original_file_path,
        });
      }
      throw error;
    }
  }
}
