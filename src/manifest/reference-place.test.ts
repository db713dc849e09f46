import { expect, test } from 'vitest';
import { referencePlace } from './reference-place.ts';

test.each([
  ["select *\nfrom {{ ref('songs') }}", 'ref', 'songs', { line: 2, column: 9 }],
  [`{{ ref( "shop" , "songs", v=2) }}`, 'ref', 'songs', { line: 1, column: 4 }],
  ["{{ ref('songs') }}{{ ref('a.b') }}", 'ref', 'a.b', { line: 1, column: 22 }],
  ["{{ source('raw', 'events') }}", 'source', 'events', { line: 1, column: 4 }],
  ["{{ ref('song' ~ 's') }}", 'ref', 'songs', undefined],
  ["{{ xref('songs') }}", 'ref', 'songs', undefined],
] as const)('%j: %s of %s', (text, fn, name, place) => {
  expect(referencePlace(text, fn, name)).toEqual(place);
});

test('of a part of a file', () => {
  const span = { line: 4, column: 10 };
  expect(referencePlace("{{ ref('a') }}\n{{ ref('b') }}", 'ref', 'a', span)).toEqual({ line: 4, column: 13 });
  expect(referencePlace("{{ ref('a') }}\n{{ ref('b') }}", 'ref', 'b', span)).toEqual({ line: 5, column: 4 });
});
