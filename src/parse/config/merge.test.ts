import { describe, expect, it } from 'vitest';
import { hooksOf, mergeConfig } from './merge.ts';

const merged = (...layers: Record<string, unknown>[]) => {
  const into: Record<string, unknown> = {};
  for (const layer of layers) mergeConfig(into, layer);
  return into;
};

describe('one layer of config over another', () => {
  it('appends tags, outermost first, and takes a single tag for a list', () => {
    expect(merged({ tags: ['a'] }, { '+tags': 'b' }, { tags: ['c', 'd'] })).toEqual({
      tags: ['a', 'b', 'c', 'd'],
    });
  });

  it('updates meta key by key', () => {
    expect(merged({ meta: { owner: 'x', pii: true } }, { meta: { owner: 'y' } })).toEqual({
      meta: { owner: 'y', pii: true },
    });
  });

  it('replaces everything it has no rule for', () => {
    expect(
      merged({ materialized: 'view', unique_key: ['a'] }, { materialized: 'table', unique_key: 'b' }),
    ).toEqual({
      materialized: 'table',
      unique_key: 'b',
    });
  });

  it('replaces grants per privilege and appends with a plus', () => {
    expect(
      merged({ grants: { select: ['a'], insert: 'b' } }, { grants: { '+select': 'c', insert: ['d'] } }),
    ).toEqual({
      grants: { select: ['a', 'c'], insert: ['d'] },
    });
  });

  it('knows both spellings of hooks and appends them', () => {
    expect(
      merged({ pre_hook: 'select 1' }, { 'pre-hook': [{ sql: 'select 2', transaction: false }] }),
    ).toEqual({
      'pre-hook': [
        { sql: 'select 1', transaction: true, index: null },
        { sql: 'select 2', transaction: false, index: null },
      ],
    });
  });

  it('reads the JSON that before_begin() gives', () => {
    expect(hooksOf('{"sql": "vacuum t", "transaction": false}')).toEqual([
      { sql: 'vacuum t', transaction: false, index: null },
    ]);
  });
});
