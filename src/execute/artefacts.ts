/** `target/compiled/<package>/<path>` and `target/run/<package>/<path>`, as dbt lays them out. */
import { closeSync, constants, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { SqError } from '../errors.ts';
import { scrub } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';

export class Artefacts {
  private readonly made = new Set<string>();
  /** The target folder as dbt writes it into artefacts: relative to the project, or absolute outside of it. */
  private readonly shownTarget: string;

  constructor(
    private readonly targetPath: string,
    projectDir: string,
    /** Masked in every text: secrets never reach an artefact. */
    private readonly secrets: ReadonlySet<string> = new Set(),
  ) {
    const below = relative(projectDir, targetPath);
    const outside = below.startsWith('..') || isAbsolute(below);
    this.shownTarget = outside ? targetPath : below.split(sep).join('/');
  }

  /** `target/compiled/shop/models/orders.sql`; tests of a property file stand in a folder of its name. */
  shownPath(node: CompiledNode, kind: 'compiled' | 'run'): string {
    return `${this.shownTarget}/${kind}/${node.package_name}/${pathOf(node)}`;
  }

  /** Writes the text and answers the path as shown. Throws SqError when the folder cannot be written. */
  write(node: CompiledNode, kind: 'compiled' | 'run', text: string): string {
    const path = compiledFilePath(this.targetPath, node, kind);
    try {
      this.makeFolder(dirname(path));
      overwrite(path, scrub(text, this.secrets));
    } catch (cause) {
      throw new SqError({
        kind: 'Runtime',
        code: 'artefact',
        message: `Could not write ${this.shownPath(node, kind)}: ${(cause as Error).message}`,
        hint: 'make the target folder writable, or choose another one with --target-path',
        cause,
      });
    }
    return this.shownPath(node, kind);
  }

  private makeFolder(folder: string): void {
    if (this.made.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.made.add(folder);
  }
}

/** Cut after the write, not before it: most files are as long as they were, and emptying one costs twice. */
function overwrite(path: string, text: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o666);
  try {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written);
    ftruncateSync(file, bytes.length);
  } finally {
    closeSync(file);
  }
}

/** Absolute, below the target folder. */
export function compiledFilePath(targetPath: string, node: CompiledNode, kind: 'compiled' | 'run'): string {
  return join(targetPath, kind, node.package_name, pathOf(node));
}

function pathOf(node: CompiledNode): string {
  const { path, original_file_path: file } = node;
  return basename(path) === basename(file) ? file : `${file}/${path}`;
}
