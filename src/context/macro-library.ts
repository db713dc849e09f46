/**
 * All macros a project can call, found by name the way dbt finds them, and their parsed templates. A template
 * is parsed when the macro is first used, once per process run.
 */
import { nearest } from '../errors.ts';
import type { MacroNode } from '../manifest/nodes.ts';
import { BUILT_IN_PATH, parseTemplate, type Template } from '../template/index.ts';

export interface MacroSpan {
  line: number;
  column: number;
  offset: number;
}

/** Where the library gets its macros: the manifest while executing, the fresh list while parsing. */
export interface MacroSource {
  /** Name of the root project. */
  rootPackage: string;
  /** sq's own packages, most specific first: `['dbt_duckdb', 'dbt']`. Together they are the namespace `dbt`. */
  internalPackages: readonly string[];
  /** Installed packages, in dbt's order. */
  packages: readonly string[];
  macro(packageName: string, name: string): MacroNode | undefined;
  /** All names of a package, for "did you mean". */
  names(packageName: string): Iterable<string>;
  span(uniqueId: string): MacroSpan;
}

export interface DispatchConfig {
  macroNamespace: string;
  searchOrder: string[];
}

export class MacroLibrary {
  private readonly templates = new Map<string, Template>();
  private readonly found = new Map<string, MacroNode | null>();

  constructor(
    readonly source: MacroSource,
    private readonly prefixes: readonly string[],
    private readonly dispatchConfig: readonly DispatchConfig[],
  ) {}

  /** The macro a plain name means inside `fromPackage`: own package, root project, then sq's own. */
  find(name: string, fromPackage: string): MacroNode | undefined {
    const key = `${fromPackage}\u0000${name}`;
    const known = this.found.get(key);
    if (known !== undefined) return known ?? undefined;
    const { source } = this;
    let macro = isInternal(source, fromPackage) ? undefined : source.macro(fromPackage, name);
    if (!macro && fromPackage !== source.rootPackage) macro = source.macro(source.rootPackage, name);
    if (!macro) macro = this.findInternal(name);
    this.found.set(key, macro ?? null);
    return macro;
  }

  /** `package.name`; package `dbt` stands for all of sq's own. */
  findIn(packageName: string, name: string): MacroNode | undefined {
    if (packageName === 'dbt' || isInternal(this.source, packageName)) return this.findInternal(name);
    return this.source.macro(packageName, name);
  }

  isPackage(name: string): boolean {
    const { source } = this;
    return name === source.rootPackage || source.packages.includes(name) || isInternal(source, name);
  }

  /**
   * `adapter.dispatch(name, namespace)`: for each package of the search order, each prefix of the adapter and
   * then `default__`. Answers the macro, or the names that were tried.
   */
  dispatch(name: string, namespace: string | null, fromPackage: string): MacroNode | { attempts: string[] } {
    const attempts: string[] = [];
    for (const packageName of this.searchOrder(namespace)) {
      for (const prefix of this.prefixes) {
        const wanted = `${prefix}__${name}`;
        const macro =
          packageName === null ? this.find(wanted, fromPackage) : this.findIn(packageName, wanted);
        if (macro) return macro;
        attempts.push(packageName === null ? wanted : `${packageName}.${wanted}`);
      }
    }
    return { attempts };
  }

  /** True when a project or package defines `name` (or an adapter form of it) over sq's own. */
  isOverridden(name: string): boolean {
    const { source } = this;
    const packages = [source.rootPackage, ...this.searchOrder('dbt')].filter(
      (p): p is string => p !== null && p !== 'dbt' && !isInternal(source, p),
    );
    return packages.some((packageName) =>
      [name, ...this.prefixes.map((prefix) => `${prefix}__${name}`)].some(
        (wanted) => source.macro(packageName, wanted) !== undefined,
      ),
    );
  }

  template(macro: MacroNode): Template {
    let template = this.templates.get(macro.unique_id);
    if (!template) {
      const span = this.source.span(macro.unique_id);
      const own = isInternal(this.source, macro.package_name);
      const path = own ? BUILT_IN_PATH + macro.original_file_path : macro.original_file_path;
      template = parseTemplate(macro.macro_sql, { path, ...span });
      this.templates.set(macro.unique_id, template);
    }
    return template;
  }

  /** The nearest existing macro name, for hints. */
  suggest(name: string): string | undefined {
    return nearest(name, this.names());
  }

  /** Every macro name, and the packages as namespaces. */
  names(): string[] {
    const { source } = this;
    const packages = [source.rootPackage, ...source.packages];
    return [...packages, ...source.internalPackages].flatMap((p) => [...source.names(p)]).concat(packages);
  }

  private findInternal(name: string): MacroNode | undefined {
    for (const packageName of this.source.internalPackages) {
      const macro = this.source.macro(packageName, name);
      if (macro) return macro;
    }
    return undefined;
  }

  private searchOrder(namespace: string | null): (string | null)[] {
    if (namespace === null) return [null];
    const configured = this.dispatchConfig.find((entry) => entry.macroNamespace === namespace);
    if (configured) return configured.searchOrder;
    return this.isPackage(namespace) || namespace === 'dbt'
      ? [this.source.rootPackage, namespace]
      : [namespace];
  }
}

function isInternal(source: MacroSource, packageName: string): boolean {
  return source.internalPackages.includes(packageName);
}
