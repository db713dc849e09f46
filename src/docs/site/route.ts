/** Every state of the page is a link: `#/model/model.shop.orders/columns?col=id`. */

export interface Route {
  page: string;
  /** Unique id, where the page is of one vertex. */
  id: string;
  tab: string;
  query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = split(hash.replace(/^#/, ''));
  const [, page = '', id = '', tab = ''] = path.split('/').map(decoded);
  return { page: page || 'overview', id, tab, query: new URLSearchParams(query) };
}

function split(text: string): [string, string] {
  const mark = text.indexOf('?');
  return mark === -1 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}

/** A link that somebody cut or typed wrongly is a page that does not exist, not an error. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export type Query = Readonly<Record<string, string | undefined>>;

export function href(page: string, id = '', tab = '', query: Query = {}): string {
  const path = [page === 'overview' ? '' : page, id, tab]
    .filter((part, i) => i === 0 || part !== '')
    .map(encodeURIComponent)
    .join('/');
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `#/${path}${given.length === 0 ? '' : `?${new URLSearchParams(given)}`}`;
}

export const nodeHref = (id: string, tab?: string, query?: Query) => href('model', id, tab, query);
export const lineageHref = (query: Query) => href('lineage', '', '', query);

export function go(to: string): void {
  location.hash = to;
}
