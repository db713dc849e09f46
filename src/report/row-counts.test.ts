import { describe, expect, it } from 'vitest';
import { alignRowCounts } from './row-counts.ts';

describe('the closing table of row counts', () => {
  it('aligns names left and numbers right', () => {
    expect(
      alignRowCounts([
        { relation: 'main.users', rows: 97 },
        { relation: 'main.songplays', rows: 6820 },
      ]),
    ).toBe('Rows in the tables that were built:\n  main.users        97\n  main.songplays  6820');
  });

  it('is never longer than a screen', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ relation: `t${i}`, rows: i }));
    const lines = alignRowCounts(many).split('\n');
    expect(lines).toHaveLength(26);
    expect(lines.at(-1)).toBe('  and 16 more: see run_results.json');
  });
});
