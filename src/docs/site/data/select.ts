/** What the selector box means, as vertices of the page. */

import type { Manifest } from '../../../manifest/manifest.ts';
import { parseSelection, selectNodes } from '../../../select/index.ts';
import { ASKABLE_CONFIGS, type TextChunk } from '../../chunks.ts';
import type { Project } from './project.ts';
import { selectable } from './selectable.ts';

export interface Selected {
  vertices: Set<number>;
  /** What a person should know of the selection: nothing matches, a method that the page cannot answer. */
  notes: string[];
}

/**
 * A new selection for each text, on one manifest: making that of ten thousand vertices takes longer than asking it.
 * Tests are selected as on the command line; since they are not drawn, the vertices of their own stand for them
 * where nothing else is selected.
 */
export class Selector {
  private manifest: Manifest | undefined;

  constructor(
    private readonly project: Project,
    private readonly tests: TextChunk['tests'] | undefined,
  ) {}

  /** `text` as after `--select`, several parts between blanks; empty: everything. */
  select(text: string): Selected {
    const parts = text.trim().split(/\s+/).filter(Boolean);
    if (parts.length === 0) return { vertices: this.project.everything(), notes: [] };
    const unknown = unknownConfig(text);
    if (unknown !== undefined) return { vertices: new Set(), notes: [unknown] };
    try {
      this.manifest ??= selectable(this.project, this.tests);
      return this.answer(this.manifest, parts);
    } catch (error) {
      return { vertices: new Set(), notes: [messageOf(error)] };
    }
  }

  private answer(manifest: Manifest, parts: readonly string[]): Selected {
    const parsed = parseSelection({ select: parts, selectors: manifest.selectors });
    const { selected, warnings } = selectNodes(manifest, parsed);
    const vertices = new Set<number>();
    let tests = 0;
    for (const id of selected) {
      const v = this.project.find(id);
      if (v !== undefined) vertices.add(v);
      else tests++;
    }
    const notes = warnings.map(
      ({ spec_raw, hint }) => `nothing matches ${spec_raw}${hint === undefined ? '' : `; ${hint}`}`,
    );
    if (vertices.size > 0 || tests === 0) return { vertices: ordered(vertices), notes };
    for (const id of selected) {
      for (const parent of manifest.index.get(id)?.parents ?? []) {
        const v = this.project.find(parent);
        if (v !== undefined) vertices.add(v);
      }
    }
    const drawn = `${tests} ${tests === 1 ? 'test' : 'tests'}: what they look at is drawn`;
    return { vertices: ordered(vertices), notes: [drawn] };
  }
}

function ordered(vertices: Set<number>): Set<number> {
  return new Set([...vertices].sort((a, b) => a - b));
}

function unknownConfig(text: string): string | undefined {
  const known: readonly string[] = ASKABLE_CONFIGS;
  for (const [, key] of text.matchAll(/config\.([\w.-]+):/g)) {
    if (!known.includes(key!)) {
      return `config.${key} is not in the page, which knows ${known.join(', ')}; sq ls --select knows all`;
    }
  }
  return undefined;
}

function messageOf(error: unknown): string {
  const { message, hint } = error as { message: string; hint?: string };
  return hint === undefined ? message : `${message}; ${hint}`;
}
