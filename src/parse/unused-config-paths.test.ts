import { expect, test } from 'vitest';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import { unusedConfigPaths } from './unused-config-paths.ts';

/** Only what is looked at. */
function manifest(enabled: [string, string][], disabled: [string, string][] = []): Manifest {
  const node = ([resource_type, fqn]: [string, string]) => ({ resource_type, fqn: fqn.split('.') });
  return {
    index: new Map(enabled.map((one) => [one[1], node(one) as unknown as NodeSummary])),
    disabledIds: () => disabled.map(([, fqn]) => fqn),
    disabled: (id: string) => disabled.filter(([, fqn]) => fqn === id).map(node),
  } as unknown as Manifest;
}

const trees = {
  models: {
    shop: {
      '+materialized': 'table',
      marts: { '+tags': ['a'] },
      old: { deep: { enabled: true } },
      empty: {},
    },
  },
  'semantic-models': { shop: { '+enabled': true } },
};

test.each([
  [
    'nothing there',
    manifest([]),
    ['models.shop.marts', 'models.shop.old.deep', 'models.shop', 'semantic_models.shop'],
  ],
  ['some', manifest([['model', 'shop.marts.a']]), ['models.shop.old.deep', 'semantic_models.shop']],
  [
    'another type',
    manifest([['seed', 'shop.marts.a']]),
    ['models.shop.marts', 'models.shop.old.deep', 'models.shop', 'semantic_models.shop'],
  ],
  [
    'disabled ones count',
    manifest(
      [
        ['model', 'shop.marts.a'],
        ['semantic_model', 'shop.s'],
      ],
      [['model', 'shop.old.deep.b']],
    ),
    [],
  ],
])('%s', (_, of, unused) => {
  expect(unusedConfigPaths({ trees }, of)).toEqual(unused);
});
