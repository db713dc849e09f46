/**
 * The map of the whole project, on request. While it moves only the last picture is shifted; it is drawn again when
 * it rests. Who cannot see it has the list, which is always beside it.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { STATES } from '../../chunks.ts';
import type { Project } from '../data/project.ts';
import { reach } from '../data/reach.ts';
import { plural } from '../format.ts';
import { go, lineageHref } from '../route.ts';
import { useCamera, type View } from './camera.ts';
import { drawMap, MAP_HEIGHT, MAP_WIDTH, type MapScene, mapColours, vertexAt } from './map-draw.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export interface MapViewProps {
  project: Project;
  vertices: ReadonlySet<number>;
  /** Changes when colours do. */
  theme: string;
}

/** After so many milliseconds without a movement it is drawn again. */
const REST = 90;
const FITTING = { smallest: 0.01, largest: 1.1 };

export function MapView({ project, vertices, theme }: MapViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hot, setHot] = useState<{ v: number; x: number; y: number } | undefined>();
  const box = useMemo(
    () => ({
      width: project.core.x.reduce((most, x) => Math.max(most, x), 0) + MAP_WIDTH,
      height: project.core.y.reduce((most, y) => Math.max(most, y), 0) + MAP_HEIGHT,
    }),
    [project],
  );
  const colours = useMemo(() => mapColours(project), [project, theme]);
  const near = useMemo(
    () =>
      hot === undefined
        ? undefined
        : new Set([...reach(project.parents, [hot.v]), ...reach(project.children, [hot.v])]),
    [hot?.v, project],
  );
  const painter = useMemo(() => new Painter(), []);
  const scene: MapScene = { project, vertices, near, colours };
  const camera = useCamera(host, {
    box,
    picture: box,
    embedded: false,
    ...FITTING,
    moved: (view) => painter.move(view),
  });
  useEffect(() => {
    painter.show(canvas.current, scene, camera.view);
    return () => painter.stop();
  }, [project, vertices, near, colours]);
  useEffect(() => {
    const observer = new ResizeObserver(() => painter.redraw());
    observer.observe(host.current as Element);
    return () => observer.disconnect();
  }, []);
  const under = (event: MouseEvent) => {
    const { left, top } = (host.current as Element).getBoundingClientRect();
    const { x, y, k } = camera.view;
    return vertexAt(project, (event.clientX - left - x) / k, (event.clientY - top - y) / k);
  };
  const point = (event: PointerEvent) => {
    if (event.buttons !== 0) return;
    const v = under(event);
    const { left, top } = (host.current as Element).getBoundingClientRect();
    if (v !== hot?.v) setHot(v === -1 ? undefined : { v, x: event.clientX - left, y: event.clientY - top });
  };
  const click = (event: MouseEvent) => {
    const v = camera.dragged ? -1 : under(event);
    if (v !== -1) go(lineageHref({ select: `2+${project.name(v)}+2` }));
  };
  return (
    <div
      class="graph map"
      ref={host}
      onPointerMove={point}
      onPointerLeave={() => setHot(undefined)}
      onClick={click}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Map of ${plural(vertices.size, 'node')}; the list view has the same nodes as a table`}
      />
      {hot !== undefined && (
        <div class="tip" style={{ left: `${hot.x + 14}px`, top: `${hot.y + 10}px` }}>
          <strong>{project.label(hot.v)}</strong>
          <br />
          {project.built(hot.v)} · {STATES[project.worst(hot.v)]}
        </div>
      )}
      <ZoomButtons camera={camera} fit={() => camera.fit(box, FITTING)} />
    </div>
  );
}

class Painter {
  private canvas: HTMLCanvasElement | null = null;
  private scene: MapScene | undefined;
  private view: View = { x: 0, y: 0, k: 1 };
  private still: { bitmap: ImageBitmap; view: View } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  show(canvas: HTMLCanvasElement | null, scene: MapScene, view: View): void {
    this.canvas = canvas;
    this.scene = scene;
    this.view = view;
    this.redraw();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  move(view: View): void {
    this.view = view;
    if (this.still === undefined) this.redraw();
    else this.shift(this.still);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.redraw(), REST);
  }

  redraw(): void {
    const ready = this.prepare();
    if (ready === undefined || this.scene === undefined) return;
    const { context, size, density } = ready;
    drawMap(context, this.scene, this.view, size, density);
    const view = this.view;
    createImageBitmap(context.canvas)
      .then((bitmap) => {
        this.still?.bitmap.close();
        this.still = { bitmap, view };
      })
      // a window of no size has no picture
      .catch(() => {});
  }

  private shift({ bitmap, view }: { bitmap: ImageBitmap; view: View }): void {
    const ready = this.prepare();
    if (ready === undefined || this.scene === undefined) return;
    const { context, density } = ready;
    const factor = this.view.k / view.k;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.scene.colours.background;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.drawImage(
      bitmap,
      (this.view.x - view.x * factor) * density,
      (this.view.y - view.y * factor) * density,
      bitmap.width * factor,
      bitmap.height * factor,
    );
  }

  private prepare() {
    const host = this.canvas?.parentElement;
    const context = this.canvas?.getContext('2d', { alpha: false });
    if (!this.canvas || !host || !context) return undefined;
    const size = { width: host.clientWidth, height: host.clientHeight };
    const density = devicePixelRatio || 1;
    const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
    if (width === 0 || height === 0) return undefined;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${size.width}px`;
      this.canvas.style.height = `${size.height}px`;
    }
    return { context, size, density };
  }
}
