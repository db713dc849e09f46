import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manifestOf } from '../testing/manifest.ts';
import { fqn } from './methods/fqn.ts';
import { NameIndex } from './name-index.ts';

const part = fc.constantFrom('a', 'b', 'ab', 'a.b', 'v1', 'v2');
const paths = fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => ['shop', ...parts]);
const asked = fc
  .array(fc.constantFrom('shop', 'a', 'b', 'ab', 'v1', 'a_v1', 'ab_v2', ''), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));

it('finds by key whatever looking at every vertex finds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(paths, fc.boolean()), { minLength: 1, maxLength: 6 }),
      asked,
      (nodes, value) => {
        const manifest = manifestOf(
          nodes.map(([path, versioned], i) => ({
            unique_id: `model.shop.m${i}`,
            fqn: path,
            ...(versioned && { version: 1 }),
          })),
        );
        const matches = fqn({ arguments: [], value, manifest });
        const all = [...manifest.index.values()].filter(matches);
        const keyed = [...new NameIndex(manifest).candidates(value)].filter(matches);
        expect(new Set(keyed)).toEqual(new Set(all));
      },
    ),
    { numRuns: 2000 },
  );
});
