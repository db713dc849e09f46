/** The whole project on a canvas, in three levels of detail: boxes, boxes with lines, boxes with names. */
import type { Project } from '../data/project.ts';
import { middle } from '../format.ts';
import type { View } from './camera.ts';

export const MAP_WIDTH = 200;
export const MAP_HEIGHT = 40;

export interface MapColours {
  background: string;
  edge: string;
  failed: string;
  /** On the boxes. */
  text: string;
  /** By number of type. */
  types: string[];
}

export function mapColours(project: Project): MapColours {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: value('--canvas'),
    edge: value('--edge'),
    failed: value('--bad'),
    text: value('--on-type'),
    types: project.core.types.map(
      (type) => value(`--type-${type.replaceAll('_', '-')}`) || value('--type-model'),
    ),
  };
}

export interface MapScene {
  project: Project;
  /** Others are drawn faintly. */
  vertices: ReadonlySet<number>;
  /** Lit up with what is above and below it; undefined: all alike. */
  near: ReadonlySet<number> | undefined;
  colours: MapColours;
}

/** Below these scales there is no room for names, and curves look like lines. */
const NAMES_FROM = 0.38;
const CURVES_FROM = 0.2;

export function drawMap(
  context: CanvasRenderingContext2D,
  scene: MapScene,
  { x, y, k }: View,
  size: { width: number; height: number },
  density: number,
): void {
  const { project, vertices, near, colours } = scene;
  const { core, count } = project;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, size.width * density, size.height * density);
  context.setTransform(density * k, 0, 0, density * k, density * x, density * y);
  const window = { left: -x / k, right: (size.width - x) / k, top: -y / k, bottom: (size.height - y) / k };
  const visible = (v: number) =>
    core.x[v]! + MAP_WIDTH > window.left &&
    core.x[v]! < window.right &&
    core.y[v]! + MAP_HEIGHT > window.top &&
    core.y[v]! < window.bottom;
  const bright = (v: number) => vertices.has(v) && (near === undefined || near.has(v));
  const lines = (wanted: (v: number) => boolean, style: string, alpha: number, width: number) => {
    context.strokeStyle = style;
    context.globalAlpha = alpha;
    context.lineWidth = Math.max(width, (width * 0.6) / k);
    context.beginPath();
    for (let e = 0; e < core.edges.length; e += 2) {
      const [from, to] = [core.edges[e]!, core.edges[e + 1]!];
      if (!wanted(from) || !wanted(to)) continue;
      const [startX, startY] = [core.x[from]! + MAP_WIDTH, core.y[from]! + MAP_HEIGHT / 2];
      const [endX, endY] = [core.x[to]!, core.y[to]! + MAP_HEIGHT / 2];
      if (endX < window.left || startX > window.right) continue;
      if (Math.max(startY, endY) < window.top || Math.min(startY, endY) > window.bottom) continue;
      context.moveTo(startX, startY);
      if (k < CURVES_FROM) context.lineTo(endX, endY);
      else {
        const half = (startX + endX) / 2;
        context.bezierCurveTo(half, startY, half, endY, endX, endY);
      }
    }
    context.stroke();
  };
  lines((v) => vertices.has(v), colours.edge, k < 0.1 ? 0.2 : 0.55, 1);
  if (near !== undefined) lines((v) => near.has(v), colours.types[0]!, 0.9, 2);
  for (let type = 0; type < core.types.length; type++) {
    for (const lit of [false, true]) {
      context.fillStyle = colours.types[type]!;
      context.globalAlpha = lit ? 1 : 0.16;
      context.beginPath();
      for (let v = 0; v < count; v++) {
        if (core.type[v] === type && bright(v) === lit && visible(v)) {
          context.rect(core.x[v]!, core.y[v]!, MAP_WIDTH, MAP_HEIGHT);
        }
      }
      context.fill();
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.failed;
  for (let v = 0; v < count; v++) {
    if (project.worst(v) === 4 && visible(v))
      context.fillRect(core.x[v]! + MAP_WIDTH - 22, core.y[v]!, 22, MAP_HEIGHT);
  }
  if (k < NAMES_FROM) return;
  context.fillStyle = colours.text;
  context.font = '600 13px system-ui, sans-serif';
  for (let v = 0; v < count; v++) {
    if (visible(v) && bright(v))
      context.fillText(middle(project.name(v), 22), core.x[v]! + 9, core.y[v]! + 25, MAP_WIDTH - 34);
  }
}

/** The vertex at a place of the map; -1: none. */
export function vertexAt({ core, count }: Project, x: number, y: number): number {
  for (let v = 0; v < count; v++) {
    const [left, top] = [core.x[v]!, core.y[v]!];
    if (x >= left && x <= left + MAP_WIDTH && y >= top && y <= top + MAP_HEIGHT) return v;
  }
  return -1;
}
