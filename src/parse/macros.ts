/**
 * Macro files -> macros: `{% macro %}`, `{% test %}`, `{% data_test %}`, `{% materialization %}` blocks of the
 * project, of installed packages and of sq itself, found by dbt's block scanner.
 */
import type { MacroSource, MacroSpan } from '../context/macro-library.ts';
import { SqError } from '../errors.ts';
import type { MacroNode } from '../manifest/nodes.ts';
import { type Block, scanBlocks } from '../template/index.ts';
import { argumentNames } from './macro-signature.ts';

export interface MacroFile {
  package: string;
  /** Relative to the package root, as in the manifest. */
  path: string;
  text: string;
}

const BLOCKS = ['macro', 'test', 'data_test', 'materialization', 'materialisation'];

/** Every macro of a parse by package and name. */
export class MacroIndex implements MacroSource {
  private readonly byPackage = new Map<string, Map<string, MacroNode>>();
  private readonly spans = new Map<string, MacroSpan>();

  constructor(
    readonly rootPackage: string,
    readonly packages: readonly string[],
    readonly internalPackages: readonly string[],
  ) {}

  add(macro: MacroNode, span: MacroSpan): void {
    let names = this.byPackage.get(macro.package_name);
    if (!names) {
      names = new Map();
      this.byPackage.set(macro.package_name, names);
    }
    const other = names.get(macro.name);
    if (other) throw duplicateMacro(macro, other);
    names.set(macro.name, macro);
    this.spans.set(macro.unique_id, span);
  }

  macro(packageName: string, name: string): MacroNode | undefined {
    return this.byPackage.get(packageName)?.get(name);
  }

  names(packageName: string): Iterable<string> {
    return this.byPackage.get(packageName)?.keys() ?? [];
  }

  span(uniqueId: string): MacroSpan {
    return this.spans.get(uniqueId) ?? { line: 1, column: 1, offset: 0 };
  }

  *all(): Iterable<MacroNode> {
    for (const names of this.byPackage.values()) yield* names.values();
  }
}

/** The macros of one file, with the place of each block. Throws kind Compilation for an unclosed block. */
export function macrosOf(source: MacroFile, createdAt: number): { macro: MacroNode; span: MacroSpan }[] {
  // most files of a macro folder hold macros; the scan is only skipped where there is none to find
  if (!source.text.includes('{%')) return [];
  return scanBlocks(source.text, source.path, BLOCKS).map((block) => ({
    macro: macroOf(source, block, createdAt),
    span: { line: block.span.line, column: block.span.column, offset: block.span.offset },
  }));
}

function macroOf(source: MacroFile, block: Block, createdAt: number): MacroNode {
  const name = registeredName(block);
  return {
    name,
    resource_type: 'macro',
    package_name: source.package,
    path: source.path,
    original_file_path: source.path,
    unique_id: `macro.${source.package}.${name}`,
    macro_sql: block.fullText,
    depends_on: { macros: [] },
    description: '',
    meta: {},
    docs: { show: true, node_color: null },
    config: { meta: {}, docs: { show: true, node_color: null } },
    patch_path: null,
    arguments: argumentNames(block).map((argument) => ({ name: argument, type: null, description: '' })),
    created_at: createdAt,
    supported_languages: block.type.startsWith('materiali') ? supportedLanguages(block.fullText) : null,
  };
}

/** dbt's prefixes: `test_unique`, `materialization_table_default`, `materialization_table_duckdb`. */
function registeredName(block: Block): string {
  if (block.type === 'test' || block.type === 'data_test') return `test_${block.name}`;
  if (block.type.startsWith('materiali')) {
    const head = block.fullText.slice(0, block.fullText.indexOf('%}'));
    const adapter = /adapter\s*=\s*(['"])(.*?)\1/.exec(head)?.[2] ?? 'default';
    return `materialization_${block.name}_${adapter}`;
  }
  return block.name;
}

function supportedLanguages(text: string): string[] {
  const list = /supported_languages\s*=\s*\[([^\]]*)\]/.exec(text.slice(0, text.indexOf('%}')))?.[1];
  if (list === undefined) return ['sql'];
  return [...list.matchAll(/(['"])(.*?)\1/g)].map((match) => match[2]!);
}

function duplicateMacro(macro: MacroNode, other: MacroNode): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'duplicate-macro',
    message: [
      `dbt found multiple macros named "${macro.name}" in the project "${macro.package_name}".`,
      ' All macros require unique names, to fix this error rename or remove any',
      'duplicates. They can be found in these files:',
      `    - ${other.original_file_path}`,
      `    - ${macro.original_file_path}`,
    ].join('\n'),
  });
}
