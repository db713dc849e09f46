/** Where a picture is looked at from: it moves and scales without drawing the picture again. */
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Box } from './geometry.ts';

export interface View {
  x: number;
  y: number;
  /** Scale. */
  k: number;
}

export interface CameraOptions {
  /** Text smaller than this cannot be read, so the picture is not made to fit by all means. */
  smallest: number;
  largest?: number;
  /** Room kept free below the picture, for what lies over it there. */
  below?: number;
  /** What is looked at first where not everything fits; default: the left edge. */
  focus?: { x: number; y: number } | undefined;
}

const NEAREST = 3;
const FARTHEST = 0.01;
const MARGIN = 28;
/** The buttons stand there. */
const RIGHT = 64;

export class Camera {
  view: View = { x: 0, y: 0, k: 1 };
  /** Set when the last press of the pointer moved the picture: it was no click. */
  dragged = false;
  private element: Element | null = null;

  constructor(private readonly moved: (view: View) => void) {}

  attach(element: Element | null): void {
    this.element = element;
  }

  set(view: View): void {
    this.view = view;
    this.moved(view);
  }

  private get size(): Box {
    const { width, height } = this.element?.getBoundingClientRect() ?? { width: 0, height: 0 };
    return { width, height };
  }

  fit(box: Box, { smallest, largest = 1.1, focus, below = 0 }: CameraOptions): void {
    const { width } = this.size;
    const height = this.size.height - below;
    if (width === 0 || box.width === 0) return;
    const room = width - RIGHT + MARGIN;
    const whole = Math.min((room - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / Math.max(1, box.height));
    const k = Math.max(smallest, Math.min(largest, whole));
    const along = (room: number, length: number, at: number | undefined) =>
      length * k <= room - MARGIN
        ? (room - length * k) / 2
        : clamp(room / 2 - (at ?? 0) * k, room - length * k - MARGIN, MARGIN);
    this.set({
      k,
      x: along(room, box.width, focus?.x),
      y: along(height, box.height, focus?.y ?? box.height / 2),
    });
  }

  /** Around a place of the screen; default: its middle. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    const { width, height } = this.size;
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const k = clamp(this.view.k * factor, FARTHEST, NEAREST);
    const ratio = k / this.view.k;
    this.set({ k, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio });
  }

  /** Moves as little as makes a part of the picture visible. */
  show(part: { x: number; y: number; width: number; height: number }): void {
    const { width, height } = this.size;
    const { x, y, k } = this.view;
    const shift = (from: number, length: number, room: number) =>
      from < MARGIN
        ? MARGIN - from
        : from + length > room - MARGIN
          ? Math.min(room - MARGIN - from - length, 0)
          : 0;
    const dx = shift(part.x * k + x, part.width * k, width);
    const dy = shift(part.y * k + y, Math.min(part.height * k, height - 2 * MARGIN), height);
    if (dx !== 0 || dy !== 0) this.set({ k, x: x + dx, y: y + dy });
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(least, most), Math.min(Math.max(least, most), value));
}

export interface UseCamera extends CameraOptions {
  box: Box;
  /** Fits anew when this changes. */
  picture: unknown;
  /** In the middle of a page the wheel scrolls the page, unless Ctrl is held. */
  embedded: boolean;
  moved: (view: View) => void;
}

/** A camera for the element of `ref`, moved by pointer and wheel. */
export function useCamera(ref: { current: Element | null }, use: UseCamera): Camera {
  const { box, picture, embedded } = use;
  const camera = useMemo(() => new Camera((view) => use.moved(view)), []);
  const refit = () => camera.fit(box, use);
  useLayoutEffect(() => {
    camera.attach(ref.current);
    refit();
  }, [picture]);
  useEffect(() => {
    const element = ref.current as HTMLElement | null;
    if (element === null) return;
    const stop = listen(element, camera, embedded);
    let { width, height } = element.getBoundingClientRect();
    const observer = new ResizeObserver(([entry]) => {
      const { width: w, height: h } = entry!.contentRect;
      if (Math.abs(w - width) > 1 || Math.abs(h - height) > 1) refit();
      [width, height] = [w, h];
    });
    observer.observe(element);
    return () => {
      stop();
      observer.disconnect();
    };
  }, [picture, embedded]);
  return camera;
}

/** Less than this is the shake of a hand, not a drag. */
const DRAG = 4;

function listen(element: HTMLElement, camera: Camera, embedded: boolean): () => void {
  let start: { x: number; y: number; view: View; pointer: number } | undefined;
  const wheel = (event: WheelEvent) => {
    if (embedded && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = element.getBoundingClientRect();
    camera.zoom(Math.exp(-event.deltaY * 0.0015), { x: event.clientX - left, y: event.clientY - top });
  };
  const down = (event: PointerEvent) => {
    camera.dragged = false;
    if (event.button !== 0) return;
    start = { x: event.clientX, y: event.clientY, view: camera.view, pointer: event.pointerId };
  };
  const move = (event: PointerEvent) => {
    if (start === undefined) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (!camera.dragged && Math.abs(dx) + Math.abs(dy) <= DRAG) return;
    if (!camera.dragged) element.setPointerCapture(start.pointer);
    camera.dragged = true;
    camera.set({ ...start.view, x: start.view.x + dx, y: start.view.y + dy });
  };
  const up = () => {
    start = undefined;
  };
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  return () => {
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
  };
}
