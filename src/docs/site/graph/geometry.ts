/** Sizes of what is drawn, and lines between points. */

export const CARD_WIDTH = 244;
export const HEAD = 48;
export const ROW = 20;
/** Below the last column of an open card. */
export const FOOT = 8;
/** Above this many vertices the page draws folders instead of cards. */
export const MOST_CARDS = 250;
/** Of an open card; the model's own page has all. */
export const MOST_ROWS = 40;

export interface Box {
  width: number;
  height: number;
}

export type Point = readonly [x: number, y: number];

/** A line that leaves and arrives level, through `points`; between equal heights it is straight. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let [x, y] = first;
  let path = `M${round(x)} ${round(y)}`;
  for (const [toX, toY] of rest) {
    const half = round((x + toX) / 2);
    path +=
      y === toY ? `H${round(toX)}` : `C${half} ${round(y)} ${half} ${round(toY)} ${round(toX)} ${round(toY)}`;
    [x, y] = [toX, toY];
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
