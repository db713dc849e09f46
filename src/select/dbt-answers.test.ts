/**
 * What dbt-core 1.12.3 answers for the shop of testing/shop-manifest.ts: random selections and definitions of
 * selectors.yml, put to its own `NodeSelector` once; the answers are kept in fixtures/dbt-answers.jsonl.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SelectorDefinition } from '../manifest/manifest.ts';
import { shopManifest, shortNames } from '../testing/shop-manifest.ts';
import { selectNodes } from './evaluate.ts';
import { parseSelection } from './selection.ts';
import type { IndirectSelection } from './spec.ts';

interface Answer {
  select?: string[];
  exclude?: string[];
  /** Definition of the selector under test, which may refer to the selector `base`. */
  definition?: unknown;
  base?: unknown;
  mode: IndirectSelection;
  selected: string;
  warnings: string[];
}

const answers = readFileSync(new URL('./fixtures/dbt-answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Answer);

const definitionOf = (name: string, definition: unknown): [string, SelectorDefinition] => [
  name,
  { name, definition, description: null, default: false },
];

it('selects and warns as dbt does', () => {
  expect(answers).toHaveLength(250);
  const manifest = shopManifest();
  for (const { definition, base, select, exclude, mode, selected, warnings } of answers) {
    const selectors = new Map([definitionOf('base', base), definitionOf('asked', definition)]);
    const parsed = parseSelection(
      definition === undefined
        ? { select, exclude, indirectSelection: mode }
        : { selector: 'asked', selectors, indirectSelection: mode },
    );
    const found = selectNodes(manifest, parsed);
    const asked = JSON.stringify({ select, exclude, definition, base, mode });
    expect([asked, shortNames(found.selected), ...found.warnings.map((warning) => warning.spec_raw)]).toEqual(
      [asked, selected, ...warnings],
    );
  }
});
