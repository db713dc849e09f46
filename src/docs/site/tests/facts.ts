/** Facts of what is drawn, asked in the page: functions that run there, so each stands alone. */

/** What overlaps, sticks out of its card, or is cut; empty when all is well. */
export function drawingFaults(): string[] {
  const faults: string[] = [];
  const cards = [...document.querySelectorAll<SVGGElement>('svg .node')].map((node) => ({
    node,
    name: node.querySelector('.name')?.textContent ?? '',
    box: (node.querySelector('rect.card') as SVGRectElement).getBoundingClientRect(),
  }));
  for (const [i, one] of cards.entries()) {
    for (const other of cards.slice(i + 1)) {
      const apart =
        one.box.right <= other.box.left ||
        other.box.right <= one.box.left ||
        one.box.bottom <= other.box.top ||
        other.box.bottom <= one.box.top;
      if (!apart) faults.push(`cards overlap: ${one.name}, ${other.name}`);
    }
    const texts = [...one.node.querySelectorAll('text')].map((text) => ({
      text: text.textContent,
      box: text.getBoundingClientRect(),
    }));
    const state = one.node.querySelector('path.state')?.getBoundingClientRect();
    for (const { text, box } of texts) {
      if (box.left < one.box.left || box.right > one.box.right + 0.5 || box.bottom > one.box.bottom + 0.5) {
        faults.push(`text leaves its card: ${text}`);
      }
    }
    for (const [j, a] of texts.entries()) {
      for (const b of texts.slice(j + 1)) {
        const beside = a.box.right <= b.box.left || b.box.right <= a.box.left;
        const level = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (!beside && level > Math.min(a.box.height, b.box.height) / 2) {
          faults.push(`texts overlap: ${a.text}, ${b.text}`);
        }
      }
    }
    const name = texts[0];
    if (state !== undefined && name !== undefined && name.box.right > state.left) {
      faults.push(`name runs into the state: ${name.text}`);
    }
  }
  const main = document.getElementById('main') as HTMLElement;
  if (main.scrollWidth > main.clientWidth + 1) {
    faults.push(`the page is wider than the window: ${main.scrollWidth} > ${main.clientWidth}`);
  }
  for (const part of document.querySelectorAll('header, main, .toolbar, .graph, table, .figure, .zoom')) {
    const { right, width } = part.getBoundingClientRect();
    if (width > 0 && right > innerWidth + 0.5) {
      faults.push(
        `${part.tagName} ${part.className} ends at ${Math.round(right)}, the window at ${innerWidth}`,
      );
    }
  }
  // a picture larger than the window is moved from under it
  const roomy = innerWidth > 1000;
  const legend = roomy ? document.querySelector('.graph > .legend')?.getBoundingClientRect() : undefined;
  for (const { name, box } of cards) {
    if (
      legend !== undefined &&
      box.left < legend.right &&
      box.bottom > legend.top &&
      box.top < legend.bottom
    ) {
      faults.push(`the legend lies on ${name}`);
    }
  }
  const header = document.querySelector('header') as HTMLElement;
  if (header.scrollWidth > header.clientWidth + 1) faults.push('the header is wider than the window');
  for (const pill of document.querySelectorAll<HTMLElement>(
    '.pill, .figure strong, .figure small, .tabs a',
  )) {
    if (pill.scrollWidth > pill.clientWidth + 1) faults.push(`cut: ${pill.textContent}`);
  }
  return faults;
}

/** Links that lead anywhere but to the web, to a person or into the page. */
export function strangeLinks(): string[] {
  return [...document.querySelectorAll('a')]
    .map((link) => link.getAttribute('href') ?? '')
    .filter((href) => !/^(?:#|https?:\/\/|mailto:)/.test(href));
}

/** What axe says is wrong, one line each; axe must be in the page. */
export async function accessFaults(): Promise<string[]> {
  interface Axe {
    run(
      context: Document,
      options: object,
    ): Promise<{ violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[] }>;
  }
  const { axe } = window as unknown as { axe: Axe };
  const { violations } = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`),
  );
}
