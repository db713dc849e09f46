/**
 * Markdown of a project as a tree that the page draws as elements. Nothing of it ever becomes HTML: raw HTML stays
 * text, an image becomes a link (a picture from elsewhere would tell who reads), and a link goes only where a
 * person would expect.
 */
import { lexer, type Token, type Tokens } from 'marked';
import type { Markdown, MarkdownNode } from './chunks.ts';

/** Without these a text is itself: most descriptions of columns are, and a lexer for each would take seconds. */
const MARKS = /[`*[\]<>#|\\~&]|\n|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|https?:|www\.|@|^\s*(?:[-+=]|\d+[.)])/;

/** The tree of a text; a plain text is itself. */
export function markdown(text: string): Markdown {
  const trimmed = text.trim();
  if (!MARKS.test(trimmed)) return trimmed;
  const tree = trim(nodesOf(lexer(trimmed)));
  const [only] = tree;
  // a single plain paragraph is a plain text
  if (tree.length === 1 && Array.isArray(only) && only[0] === 'p' && only[1].length === 1) {
    const [inner] = only[1];
    if (typeof inner === 'string') return inner;
  }
  return tree;
}

function nodesOf(tokens: readonly Token[] | undefined): MarkdownNode[] {
  const nodes: MarkdownNode[] = [];
  for (const token of tokens ?? []) {
    for (const node of nodeOf(token)) {
      const last = nodes.at(-1);
      if (typeof node === 'string' && typeof last === 'string') nodes[nodes.length - 1] = last + node;
      else nodes.push(node);
    }
  }
  return nodes;
}

function nodeOf(token: Token): MarkdownNode[] {
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'heading':
      return [['h', nodesOf(token.tokens), String((token as Tokens.Heading).depth)]];
    case 'paragraph':
      return [['p', nodesOf(token.tokens)]];
    case 'blockquote':
      return [['q', nodesOf(token.tokens)]];
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      return [[ordered ? 'ol' : 'ul', items.map((item): MarkdownNode => ['li', nodesOf(item.tokens)])]];
    }
    case 'checkbox':
      return [(token as { checked?: boolean }).checked ? '☑ ' : '☐ '];
    case 'code':
      return [['pre', [(token as Tokens.Code).text]]];
    case 'hr':
      return [['hr', []]];
    case 'br':
      return [['br', []]];
    case 'table':
      return [tableOf(token as Tokens.Table)];
    case 'strong':
      return [['b', nodesOf(token.tokens)]];
    case 'em':
      return [['i', nodesOf(token.tokens)]];
    case 'del':
      return [['s', nodesOf(token.tokens)]];
    case 'codespan':
      return [['c', [(token as Tokens.Codespan).text]]];
    case 'link':
      return linkOf((token as Tokens.Link).href, nodesOf(token.tokens));
    case 'image':
      return linkOf((token as Tokens.Image).href, [(token as Tokens.Image).text || 'image']);
    case 'text':
      return token.tokens === undefined ? [plain((token as Tokens.Text).text)] : nodesOf(token.tokens);
    case 'escape':
      return [(token as Tokens.Escape).text];
    default:
      // raw HTML, and whatever the lexer may learn to tell apart
      return [token.raw];
  }
}

function tableOf({ header, rows }: Tokens.Table): MarkdownNode {
  const row = (cells: Tokens.TableCell[], tag: 'th' | 'td'): MarkdownNode => [
    'tr',
    cells.map((cell): MarkdownNode => [tag, nodesOf(cell.tokens)]),
  ];
  return ['table', [row(header, 'th'), ...rows.map((cells) => row(cells, 'td'))]];
}

/** A link that the page may have: to the web, to a person, or into the page; else only its text. */
function linkOf(href: string, children: MarkdownNode[]): MarkdownNode[] {
  const target = safeLink(href);
  return target === undefined ? children : [['a', children, target]];
}

/** dbt's page has its vertices under `#!/model/<id>`. */
const DBT_LINK = /^#!\/[a-z_]+\/([\w.]+)$/;

/** `href` where it is http, https, mailto or a page of ours; undefined for everything else. */
export function safeLink(href: string): string | undefined {
  const dbt = DBT_LINK.exec(href);
  if (dbt !== null) return `#/model/${dbt[1]}`;
  return /^(?:https?:\/\/|mailto:|#\/)[^\s\p{Cc}]+$/iu.test(href) ? href : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': '\u00a0',
};

/** Text is drawn as text, so what Markdown writes as an entity is its character. */
function plain(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** Without blank text at the end, which a lexer leaves behind. */
function trim(nodes: MarkdownNode[]): MarkdownNode[] {
  return nodes.filter((node) => typeof node !== 'string' || node.trim() !== '');
}
