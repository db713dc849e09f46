import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowDifference } from './row-difference.ts';

describe('the difference of rows', () => {
  it('is none whatever the order', () => {
    const row = fc.tuple(fc.constantFrom<null | number>(null, 1, 2), fc.constantFrom('a', 'b', ''));
    fc.assert(
      fc.property(
        fc
          .array(row)
          .chain((rows) =>
            fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
          ),
        ([expected, actual]) => rowDifference(['n', 't'], expected, actual) === undefined,
      ),
    );
  });

  it('shows what came and what did not', () => {
    expect(rowDifference(['c'], [[3], [null]], [[2], [null]])).toBe('@@ ,c\n+++,2\n---,3\n   ,NULL\n');
  });

  it('shows changed values of a row that is told by the others', () => {
    expect(
      rowDifference(
        ['id', 'status'],
        [
          [1, 'paid'],
          [2, 'new'],
        ],
        [
          [2, 'paid, late'],
          [1, 'paid'],
        ],
      ),
    ).toBe('@@,id,status\n  ,1 ,paid\n→ ,2 ,"new→paid, late"\n');
  });

  it('leaves out what is far from a difference', () => {
    const rows = [1, 2, 3, 4, 5].map((id) => [id, `r${id}`] as const);
    expect(rowDifference(['id', 'r'], rows, [...rows, [6, 'r6']])).toBe(
      '@@ ,id ,r\n...,...,...\n   ,5  ,r5\n+++,6  ,r6\n',
    );
  });
});
