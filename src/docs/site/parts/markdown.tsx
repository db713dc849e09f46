/** A Markdown tree as elements. Text is text: nothing here writes HTML. */
import { type ComponentChildren, h } from 'preact';
import type { Markdown, MarkdownNode, MarkdownTag } from '../../chunks.ts';

const ELEMENTS: Readonly<Partial<Record<MarkdownTag, string>>> = {
  p: 'p',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  b: 'strong',
  i: 'em',
  s: 's',
  c: 'code',
  q: 'blockquote',
  br: 'br',
  hr: 'hr',
  tr: 'tr',
  th: 'th',
  td: 'td',
};

export function MarkdownText({ tree }: { tree: Markdown }) {
  if (typeof tree === 'string') return <p class="md">{tree}</p>;
  return <div class="md">{tree.map(draw)}</div>;
}

/** Inside a line: of a tree only the words. */
export function plainText(tree: Markdown | 0): string {
  if (tree === 0) return '';
  if (typeof tree === 'string') return tree;
  return tree.map((node) => (typeof node === 'string' ? node : plainText(node[1]))).join(' ');
}

function draw(node: MarkdownNode): ComponentChildren {
  if (typeof node === 'string') return node;
  const [tag, children, attribute] = node;
  const inner = children.map(draw);
  switch (tag) {
    case 'h':
      // headings of a description stand below those of the page
      return h(`h${Math.min(6, Number(attribute) + 2)}`, {}, inner);
    case 'pre':
      return (
        <pre tabIndex={0}>
          <code>{inner}</code>
        </pre>
      );
    case 'table':
      return (
        <table>
          <tbody>{inner}</tbody>
        </table>
      );
    case 'a':
      return <Link to={attribute ?? ''}>{inner}</Link>;
    default:
      return h(ELEMENTS[tag] ?? 'span', {}, inner);
  }
}

/** The packer lets no other links through; the page looks again before it makes one. */
export function Link({ to, children }: { to: string; children: ComponentChildren }) {
  if (to.startsWith('#/')) return <a href={to}>{children}</a>;
  if (!/^(?:https?:\/\/|mailto:)/i.test(to)) return <>{children}</>;
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
