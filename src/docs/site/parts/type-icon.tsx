/** A small picture for each type of vertex: colour alone would tell nothing to many. */
import type { SVGAttributes } from 'preact';

/** Drawn on 16 × 16, strokes only. */
const PATHS: Readonly<Record<string, string>> = {
  source:
    'M3 4.2c0-1 2.2-1.7 5-1.7s5 .7 5 1.7-2.2 1.7-5 1.7-5-.7-5-1.7zM3 4.2v7.6c0 1 2.2 1.7 5 1.7s5-.7 5-1.7V4.2M3 8c0 1 2.2 1.7 5 1.7S13 9 13 8',
  model: 'M8 2l5.2 3v6L8 14l-5.2-3V5zM2.8 5L8 8l5.2-3M8 8v6',
  seed: 'M8 14V8M8 8C8 4.5 5.6 3 2.6 3c0 3.4 2 5 5.4 5zM8 10c0-2.6 1.9-4 5.4-4 0 2.6-2 4-5.4 4z',
  snapshot: 'M2.5 5h2.6l1.2-1.8h3.4L10.9 5h2.6v8h-11zM8 11a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 8 11z',
  exposure: 'M2.5 13.5h11M4.5 13.5V8.5M8 13.5V3M11.5 13.5V6',
  analysis: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4',
  metric: 'M2.5 11.5l3.5-4 2.5 2.5 5-6.5M10 3.5h3.5V7',
  test: 'M3 8.5l3.5 3.5L13 4.5',
  column: 'M3 3h10v10H3zM8 3v10',
  page: 'M4 2.5h5.5L12.5 5.5v8H4zM9 2.5v3.5h3.5',
};
const OTHER = 'M3 3h10v10H3z';

/** Also inside another SVG, at a place of its own. */
export function TypeIcon({ type, ...place }: { type: string } & SVGAttributes<SVGSVGElement>) {
  return (
    <svg class={`icon type-${type}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" {...place}>
      <path d={PATHS[type] ?? OTHER} />
    </svg>
  );
}
