/**
 * What all parts of a cold parse share: the packages, the macros, the functions a template may call, and the
 * record of what the result depends on (environment variables), for the parse cache.
 */
import { BaseNames } from '../context/base.ts';
import { MacroLibrary, type MacroSource } from '../context/macro-library.ts';
import { SqError } from '../errors.ts';
import type { ProjectConfig, ProjectFile } from '../load/contract.ts';
import type { QuotePolicy } from '../manifest/relation.ts';
import { parseTemplate, renderExpression, toJs } from '../template/index.ts';
import type { ConfigLayer } from './config/merge.ts';
import { ConfigTree, writtenKey } from './config/tree.ts';
import type { ProjectContext } from './contract.ts';

/** One package: the root project, or an installed one. */
export interface PackageSource {
  config: ProjectConfig;
  /** Absolute folder that paths of its files are relative to. */
  root: string;
  isRoot: boolean;
}

export type FileKind =
  | 'model'
  | 'seed'
  | 'snapshot'
  | 'analysis'
  | 'function'
  | 'test'
  | 'generic-test'
  | 'macro'
  | 'docs'
  | 'properties'
  | 'fixture';

/** A file with its role and package. */
export interface SourceFile {
  file: ProjectFile;
  kind: FileKind;
  package: PackageSource;
}

export class ParseSession {
  readonly base: BaseNames;
  readonly envVars = new Set<string>();
  readonly library: MacroLibrary;
  readonly quoting: QuotePolicy;
  /** Defaults with the layers of a folder, by the list of layers and resource type. */
  readonly folderConfigs = new WeakMap<
    readonly ConfigLayer[],
    Map<string, { config: Record<string, unknown>; unrendered: Record<string, unknown> }>
  >();
  private readonly trees = new Map<string, ConfigTree>();
  /** Seconds since the epoch, for `created_at` of everything parsed now. */
  readonly createdAt: number;

  constructor(
    readonly context: ProjectContext,
    readonly packages: readonly PackageSource[],
    readonly macros: MacroSource,
  ) {
    const { project, profile, adapter, settings, invocation } = context;
    this.quoting = { database: true, schema: true, identifier: true, ...project.quoting };
    this.createdAt = invocation.now().getTime() / 1000;
    this.library = new MacroLibrary(macros, adapter.dialect.dispatch.concat('default'), project.dispatch);
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
        packages: new Map(packages.filter((p) => !p.isRoot).map((p) => [p.config.name, p.config.vars])),
      },
      quoting: this.quoting,
      onEnvVar: (name) => this.envVars.add(name),
    });
  }

  get root(): PackageSource {
    return this.packages[0]!;
  }

  /** Folder config of one package for one kind of resource (`models`, `seeds`, ...). */
  tree(pkg: PackageSource, treeName: string): ConfigTree {
    const key = `${pkg.config.name}\u0000${treeName}`;
    let tree = this.trees.get(key);
    if (!tree) {
      tree = new ConfigTree(pkg.config.trees[treeName] ?? {});
      this.trees.set(key, tree);
    }
    return tree;
  }

  /** The same as written in dbt_project.yml, keys without their `+`: for `unrendered_config`. */
  writtenTree(pkg: PackageSource, treeName: string): ConfigTree {
    const key = `${pkg.config.name}\u0000${treeName}\u0000written`;
    let tree = this.trees.get(key);
    if (!tree) {
      tree = new ConfigTree(pkg.config.unrenderedTrees[treeName] ?? {}, writtenKey);
      this.trees.set(key, tree);
    }
    return tree;
  }

  /**
   * Renders every text of a YAML value that holds Jinja; hooks and other keys of `skip` stay as written.
   * `at` places an error in the author's file.
   */
  renderYaml(
    value: unknown,
    pkg: PackageSource,
    at: () => SqErrorPlace,
    skip: ReadonlySet<string> = NO_SKIP,
  ): unknown {
    if (typeof value === 'string') return hasJinja(value) ? this.renderYamlText(value, pkg, at) : value;
    if (Array.isArray(value)) return value.map((item) => this.renderYaml(item, pkg, at, skip));
    if (typeof value === 'object' && value !== null) {
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) {
        out[key] = skip.has(key) ? item : this.renderYaml(item, pkg, at, skip);
      }
      return out;
    }
    return value;
  }

  /** dbt's native rendering of one YAML text: names are the base names and `var` only. */
  renderYamlText(
    text: string,
    pkg: PackageSource,
    at: () => SqErrorPlace,
    extra?: (name: string) => unknown,
  ): unknown {
    const lookup = this.yamlLookup(pkg, extra);
    return placed(at, () => toJs(renderExpression(text, { lookup, undefinedMode: 'strict-use' })));
  }

  /** The same as text, whatever its value: descriptions. */
  renderText(
    text: string,
    pkg: PackageSource,
    at: () => SqErrorPlace,
    extra?: (name: string) => unknown,
  ): string {
    const lookup = this.yamlLookup(pkg, extra);
    return placed(at, () =>
      parseTemplate(text, { path: '' }).render({ lookup, undefinedMode: 'strict-use' }),
    );
  }

  private yamlLookup(
    pkg: PackageSource,
    extra: ((name: string) => unknown) | undefined,
  ): (name: string) => unknown {
    return (name) => {
      if (name === 'var') return this.base.var(pkg.config.name, 'property file');
      if (name === 'adapter' || name === 'execute') return undefined;
      return extra?.(name) ?? this.base.get(name);
    };
  }
}

/** Errors of a template in a YAML file point at the value it stands in. */
function placed<T>(at: () => SqErrorPlace, render: () => T): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    throw new SqError({
      kind: error.kind === 'Parsing' ? 'Parsing' : 'Compilation',
      code: error.code,
      message: error.message,
      at: at(),
      hint: error.hint,
      cause: error,
    });
  }
}

export interface SqErrorPlace {
  path: string;
  line: number;
  column: number;
}

const NO_SKIP: ReadonlySet<string> = new Set();

/** True when the text holds a Jinja tag. */
export function hasJinja(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}
