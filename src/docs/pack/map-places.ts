/** Where every vertex stands on the map of the whole project: made once here, so that the page only draws. */
import type { Layout } from '../layout.ts';

const STEP_X = 230;
const STEP_Y = 56;
/** Free space between two layers, for the edges. */
const BETWEEN = 90;
/** A project of so many vertices keeps the heights of the layout. */
const SMALL = 400;
/** Height to width of the map, roughly as a screen. */
const SHAPE = 14;

/**
 * A layer of thousands would be a line nobody can look at: it is laid in several columns like bricks, which keeps
 * the order from top to bottom and gives the map the shape of a screen.
 */
export function mapPlaces({ rank, y, layers }: Layout): { x: number[]; y: number[] } {
  const count = rank.length;
  const members: number[][] = Array.from({ length: layers }, () => []);
  for (let v = 0; v < count; v++) members[rank[v]!]!.push(v);
  const tallest = Math.max(14, Math.ceil(Math.sqrt(((count * 60 * 60) / (STEP_X * STEP_X)) * SHAPE)));
  const place = { x: new Array<number>(count).fill(0), y: new Array<number>(count).fill(0) };
  let left = 0;
  for (const layer of members) {
    layer.sort((a, b) => y[a]! - y[b]! || a - b);
    const columns = Math.max(1, Math.ceil(layer.length / tallest));
    const rows = Math.ceil(layer.length / columns);
    const top = ((tallest - rows) * STEP_Y) / 2;
    for (const [i, v] of layer.entries()) {
      place.x[v] = left + (i % columns) * STEP_X;
      place.y[v] =
        columns === 1 && count <= SMALL
          ? Math.round(y[v]!)
          : Math.round(top + Math.floor(i / columns) * STEP_Y);
    }
    left += columns * STEP_X + BETWEEN;
  }
  return place;
}
