import { describe, expect, it } from 'vitest';
import { literalBatches } from './literal-batches.ts';

const rows = (count: number, text = 'x') => Array.from({ length: count }, () => [text, null]);
const sizes = (batches: (string | null)[][][], limits?: { cells: number; bytes: number }) =>
  [...literalBatches(batches, 2, limits === undefined ? {} : { literalLimits: limits })].map(
    (part) => part.length,
  );

describe('rows in statements', () => {
  it('are cut by cells, and by bytes, and not at all', () => {
    expect(sizes([rows(5), rows(3)])).toEqual([5, 3]);
    expect(sizes([rows(5), rows(3)], { cells: 4, bytes: 10_000 })).toEqual([2, 2, 1, 2, 1]);
    expect(sizes([rows(3, 'y'.repeat(400))], { cells: 100, bytes: 1_000 })).toEqual([2, 1]);
    expect(sizes([rows(2, 'y'.repeat(4_000))], { cells: 1, bytes: 1_000 })).toEqual([1, 1]);
    expect(sizes([])).toEqual([]);
  });
});
