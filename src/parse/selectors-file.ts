/** selectors.yml -> selector definitions, as written. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqError } from '../errors.ts';
import { parseYaml } from '../load/yaml/document.ts';
import type { SelectorDefinition } from '../manifest/manifest.ts';
import { isRecord, listOf } from './config/merge.ts';
import type { SqErrorPlace } from './session.ts';

export const SELECTORS_FILE = 'selectors.yml';

export function readSelectors(projectDir: string): Map<string, SelectorDefinition> {
  const selectors = new Map<string, SelectorDefinition>();
  let text: string;
  try {
    text = readFileSync(join(projectDir, SELECTORS_FILE), 'utf8');
  } catch {
    return selectors;
  }
  const document = parseYaml(text, SELECTORS_FILE);
  const list = isRecord(document.value) ? listOf(document.value.selectors) : [];
  list.forEach((raw, i) => {
    if (!isRecord(raw) || typeof raw.name !== 'string' || raw.definition === undefined) {
      throw new SqError({
        kind: 'Parsing',
        code: 'selectors-file',
        message: `Could not parse selector file data: every selector needs 'name' and 'definition', got ${JSON.stringify(raw)}`,
        at: document.locate(['selectors', i]),
      });
    }
    checkLists(raw.definition, () => document.locate(['selectors', i, 'definition']));
    selectors.set(raw.name, {
      name: raw.name,
      description: typeof raw.description === 'string' ? raw.description : null,
      default: raw.default === true || typeof raw.default === 'string' ? raw.default : false,
      definition: raw.definition,
    });
  });
  return selectors;
}

/** The rest of a definition is checked when it is asked for; dbt reads lists at once, and every command ends here. */
function checkLists(definition: unknown, at: () => SqErrorPlace): void {
  if (!isRecord(definition)) return;
  for (const key of ['union', 'intersection']) {
    const parts = definition[key];
    if (parts === undefined) continue;
    if (Array.isArray(parts)) {
      for (const part of parts) checkLists(part, at);
      continue;
    }
    throw new SqError({
      kind: 'Runtime',
      code: 'selectors-file',
      message: `Could not read selector file data: Runtime Error\n  Invalid value for key "${key}". Expected a list.`,
      at: at(),
      hint: 'each part of it begins with a dash',
    });
  }
}
