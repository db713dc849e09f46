import { describe, expect, it } from 'vitest';
import { href, nodeHref, parseRoute } from './route.ts';

describe('a route', () => {
  it.each([
    ['', { page: 'overview', id: '', tab: '' }],
    ['#/', { page: 'overview', id: '', tab: '' }],
    ['#/model/model.shop.a/tests', { page: 'model', id: 'model.shop.a', tab: 'tests' }],
    ['#/model/model.shop.a%2Fb', { page: 'model', id: 'model.shop.a/b', tab: '' }],
    ['#/model/100%', { page: 'model', id: '100%', tab: '' }],
  ])('%j', (hash, route) => {
    const { query: _, ...parsed } = parseRoute(hash);
    expect(parsed).toEqual(route);
  });

  it('comes back from its link', () => {
    const link = nodeHref('model.shop.a b/ü', 'columns', { col: 'a&b=c', none: '' });
    const { id, tab, query } = parseRoute(link);
    expect({ id, tab, col: query.get('col') }).toEqual({
      id: 'model.shop.a b/ü',
      tab: 'columns',
      col: 'a&b=c',
    });
    expect(href('overview')).toBe('#/');
  });
});
