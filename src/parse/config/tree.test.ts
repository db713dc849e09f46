import { describe, expect, it } from 'vitest';
import { ConfigTree } from './tree.ts';

const tree = new ConfigTree({
  '+materialized': 'view',
  sparkify: {
    '+tags': ['all'],
    meta: { owner: 'data' },
    marts: { materialized: 'table', songs: { '+enabled': false } },
  },
});

describe('folder config of dbt_project.yml', () => {
  it('gives the layers from the outermost to the nearest', () => {
    expect(tree.layers(['sparkify', 'marts', 'users'])).toEqual([
      { materialized: 'view' },
      { tags: ['all'], meta: { owner: 'data' } },
      { materialized: 'table' },
    ]);
  });

  it('lets a block name one resource', () => {
    expect(tree.layers(['sparkify', 'marts', 'songs']).at(-1)).toEqual({ enabled: false });
  });

  it('stops where the path leaves the tree', () => {
    expect(tree.layers(['sparkify', 'staging', 'raw', 'x'])).toHaveLength(2);
    expect(tree.layers(['other', 'x'])).toEqual([{ materialized: 'view' }]);
  });
});
