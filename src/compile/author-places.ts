/** From compiled SQL back to what the author wrote: the node's own file, or that of an ephemeral parent. */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { AuthorPlace } from './contract.ts';
import { declarationPlace, isDeclared } from './declaration-place.ts';
import type { Cte } from './ephemeral.ts';
import { locateInRaw } from './locate.ts';

export interface AuthorPlacesOptions {
  projectDir: string;
  /** Files of other packages are not looked into. */
  rootPackage: string;
  node(uniqueId: string): CompiledNode;
}

export class AuthorPlaces {
  /** Ephemeral parents of nodes that have some: what their part of the compiled text begins with, its length. */
  private readonly injected = new Map<string, { id: string; start: string; length: number }[]>();

  constructor(private readonly options: AuthorPlacesOptions) {}

  /** Keeps what was put in front of a node's own text. */
  remember(node: CompiledNode, ctes: readonly Cte[]): void {
    if (ctes.length === 0) return;
    const parts = ctes.map(({ id, sql }) => ({
      id,
      start: sql.slice(0, sql.indexOf('\n') + 1),
      length: sql.length,
    }));
    this.injected.set(node.unique_id, parts);
  }

  /** The place of an offset in compiled text, as near as can be told. */
  locate(node: CompiledNode, compiledSql: string, offset: number): AuthorPlace {
    for (const { id, start, length } of this.injected.get(node.unique_id) ?? []) {
      const at = compiledSql.indexOf(start);
      const inside = offset - at - start.length;
      if (at === -1 || inside < 0 || offset >= at + length) continue;
      const body = compiledSql.slice(at + start.length, at + length);
      return this.locate(this.options.node(id), body, inside);
    }
    if (isDeclared(node)) return this.ofDeclared(node);
    const place = locateInRaw(node.raw_code, compiledSql, offset);
    const start = spanOf(node);
    return {
      path: pathOf(node),
      line: start.line + place.line - 1,
      column: place.line === 1 ? start.column + place.column - 1 : place.column,
      ...(place.line > 1 || start.column === 1 ? { text: node.raw_code.split('\n')[place.line - 1] } : {}),
    };
  }

  /** An error in the text of a generic test or hook is told where it is declared. */
  moved(node: CompiledNode, error: SqError): SqError {
    if (!isDeclared(node)) return error;
    const { path, line, column } = this.ofDeclared(node);
    const declared = { path, line, column };
    const { kind, code, message, hint, cause } = error;
    const common = { kind, code, message, node: error.node, hint, cause };
    // wrong arguments were written where the test is declared
    const own = code === 'template-arguments' && error.chain.length < 2;
    if (own || error.at?.path === node.original_file_path) return new SqError({ ...common, at: declared });
    const macros = error.chain.filter(({ name }) => name !== null);
    const chain = macros.length === 0 ? macros : [...macros, { name: null, at: declared }];
    return new SqError({ ...common, at: error.at, excerpt: error.excerpt, chain });
  }

  private ofDeclared(node: CompiledNode): AuthorPlace {
    const { projectDir, rootPackage } = this.options;
    const place = node.package_name === rootPackage ? declarationPlace(projectDir, node) : undefined;
    return place ?? { path: node.original_file_path };
  }
}

/** Where the node's text begins in its file: line 1 but for snapshot blocks. */
export function spanOf(node: CompiledNode): { line: number; column: number } {
  return (node.sq_span as { line: number; column: number } | undefined) ?? { line: 1, column: 1 };
}

/** A file of the author, or the option that holds the text. */
export function pathOf(node: CompiledNode): string {
  return node.resource_type === 'sql_operation' ? '--inline' : node.original_file_path;
}
