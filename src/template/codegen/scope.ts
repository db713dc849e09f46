/**
 * Names of one lexical scope and the JavaScript variables they live in. A port of the rules by which Jinja2
 * decides, before any code runs, where a name comes from: a parameter, an outer scope (copied on entry, so that
 * an assignment inside a loop never leaks out), or the render's globals.
 */

/** How a variable gets its first value when the scope is entered. */
export type Load =
  | { kind: 'parameter' }
  /** Asked of the render's lookup. */
  | { kind: 'global'; name: string }
  /** A copy of the variable that outer scopes have for the name. */
  | { kind: 'copy'; name: string }
  | { kind: 'unset' };

export interface Reference {
  variable: string;
  load: Load;
  scope: Scope;
}

export class Scope {
  readonly level: number;
  readonly variables = new Map<string, string>();
  readonly loads = new Map<string, Load>();
  readonly stored = new Set<string>();
  /** Names that something else than a macro definition assigns. */
  readonly assigned = new Set<string>();

  constructor(
    readonly parent: Scope | undefined,
    level?: number,
  ) {
    this.level = level ?? (parent === undefined ? 0 : parent.level + 1);
  }

  /** The variable that `name` means here, if any scope has one. */
  find(name: string): Reference | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const variable = scope.variables.get(name);
      if (variable !== undefined) return { variable, load: scope.loads.get(variable)!, scope };
    }
    return undefined;
  }

  /** The name is read. */
  load(name: string): void {
    if (this.find(name) === undefined) this.define(name, { kind: 'global', name });
  }

  /** The name is assigned. */
  store(name: string, byMacro = false): void {
    this.stored.add(name);
    if (!byMacro) this.assigned.add(name);
    if (this.variables.has(name)) return;
    const outer = this.parent?.find(name);
    this.define(name, outer === undefined ? { kind: 'unset' } : { kind: 'copy', name });
  }

  /** The name is bound before the scope's code runs: macro parameters, loop variables. */
  parameter(name: string): string {
    this.stored.add(name);
    this.assigned.add(name);
    return this.define(name, { kind: 'parameter' });
  }

  /** A copy to analyse one branch of an `if` with; `merge` brings the branches back together. */
  branch(): Scope {
    const copy = new Scope(this.parent, this.level);
    for (const [name, variable] of this.variables) copy.variables.set(name, variable);
    for (const [variable, load] of this.loads) copy.loads.set(variable, load);
    for (const name of this.stored) copy.stored.add(name);
    for (const name of this.assigned) copy.assigned.add(name);
    return copy;
  }

  /** A name stored in some branch only keeps, in the others, the value it had outside. */
  merge(branches: readonly Scope[]): void {
    const fresh = new Set<string>();
    for (const branch of branches)
      for (const name of branch.stored) if (!this.stored.has(name)) fresh.add(name);
    for (const branch of branches) {
      for (const [name, variable] of branch.variables) this.variables.set(name, variable);
      for (const [variable, load] of branch.loads) this.loads.set(variable, load);
      for (const name of branch.stored) this.stored.add(name);
      for (const name of branch.assigned) this.assigned.add(name);
    }
    for (const name of fresh) {
      const outer = this.parent?.find(name);
      const variable = this.find(name)!.variable;
      this.loads.set(variable, outer === undefined ? { kind: 'global', name } : { kind: 'copy', name });
    }
  }

  private define(name: string, load: Load): string {
    const variable = `l_${this.level}_${identifier(name)}`;
    this.variables.set(name, variable);
    this.loads.set(variable, load);
    return variable;
  }
}

/** Jinja's names are Python identifiers, and a few of those letters JavaScript does not take. */
function identifier(name: string): string {
  if (/^[A-Za-z0-9_]*$/.test(name)) return name;
  return name.replace(/[^A-Za-z0-9_]/gu, (char) => `$${char.codePointAt(0)!.toString(16)}$`);
}
