/** Text cut in its middle to a width: letters are not equally wide, and every system has another font. */
import { middle } from '../format.ts';

export interface Font {
  weight: number;
  /** Pixels. */
  size: number;
}

const known = new Map<string, string>();
let canvas: CanvasRenderingContext2D | null | undefined;

export function fitText(text: string, width: number, { weight, size }: Font): string {
  const font = `${weight} ${size}px ${FAMILY}`;
  const key = `${width} ${font} ${text}`;
  let fitted = known.get(key);
  if (fitted === undefined) {
    fitted = cut(text, width, font);
    known.set(key, fitted);
  }
  return fitted;
}

/** That of the stylesheet. */
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';

function cut(text: string, width: number, font: string): string {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (canvas === null) return text;
  canvas.font = font;
  if (canvas.measureText(text).width <= width) return text;
  let letters = Math.max(4, Math.floor((text.length * width) / canvas.measureText(text).width) + 1);
  while (letters > 4 && canvas.measureText(middle(text, letters)).width > width) letters--;
  return middle(text, letters);
}
