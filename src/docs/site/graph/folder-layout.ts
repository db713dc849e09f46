/** A large project as folders: each one card, the edges between two of them one line of their thickness. */
import { layout } from '../../layout.ts';
import type { Project } from '../data/project.ts';
import { type Box, CARD_WIDTH, curve } from './geometry.ts';

export const FOLDER_HEIGHT = 66;
const GAP_X = 96;
/** More than this many cards say nothing: folders above them are drawn instead. */
const MOST_FOLDERS = 70;
const DEEPEST = 6;

export interface Folder {
  path: string;
  x: number;
  y: number;
  nodes: number;
  failed: number;
  warned: number;
  ms: number;
  /** The type that most of it is. */
  type: string;
}

export interface FolderEdge {
  from: number;
  to: number;
  edges: number;
  /** Against the flow: it leads to a folder that stands further left. */
  back: boolean;
  path: string;
}

export interface FolderPicture {
  folders: Folder[];
  edges: FolderEdge[];
  box: Box;
}

export function folderPicture(project: Project, vertices: ReadonlySet<number>): FolderPicture {
  const folderOf = grouping(project, vertices);
  const folders: (Folder & { at: number; types: Map<string, number> })[] = [];
  const places = new Map<string, number>();
  for (const v of vertices) {
    const path = folderOf(v);
    let place = places.get(path);
    if (place === undefined) {
      place =
        folders.push({
          path,
          x: 0,
          y: 0,
          nodes: 0,
          failed: 0,
          warned: 0,
          ms: 0,
          type: '',
          at: 0,
          types: new Map(),
        }) - 1;
      places.set(path, place);
    }
    const folder = folders[place]!;
    const type = project.type(v);
    folder.nodes += 1;
    folder.at += project.core.x[v]!;
    folder.ms += Math.max(0, project.core.ms[v]!);
    folder.types.set(type, (folder.types.get(type) ?? 0) + 1);
    if (project.worst(v) === 4) folder.failed += 1;
    if (project.worst(v) === 3) folder.warned += 1;
  }
  const between = countEdges(project, vertices, (v) => places.get(folderOf(v))!);
  // folders depend on each other in circles; what stands further left on the map goes first
  const order = folders
    .map((_, i) => i)
    .sort((a, b) => folders[a]!.at / folders[a]!.nodes - folders[b]!.at / folders[b]!.nodes || a - b);
  const rank = new Map(order.map((folder, i) => [folder, i]));
  const forward = between.filter(({ from, to }) => rank.get(from)! < rank.get(to)!);
  const placed = layout(
    {
      count: folders.length,
      edges: Int32Array.from(forward.flatMap(({ from, to }) => [from, to])),
      heights: new Float32Array(folders.length).fill(FOLDER_HEIGHT),
    },
    { gap: 24 },
  );
  for (const [i, folder] of folders.entries()) {
    folder.x = placed.rank[i]! * (CARD_WIDTH + GAP_X);
    folder.y = placed.y[i]! - FOLDER_HEIGHT / 2;
    folder.type = [...folder.types].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  }
  return {
    folders: folders.map(({ at: _, types: __, ...folder }) => folder),
    edges: between.map(({ from, to, edges }) => ({
      from,
      to,
      edges,
      back: rank.get(from)! > rank.get(to)!,
      path: line(folders[from]!, folders[to]!),
    })),
    box: {
      width: Math.max(0, ...folders.map(({ x }) => x)) + CARD_WIDTH,
      height: Math.max(0, ...folders.map(({ y }) => y)) + FOLDER_HEIGHT,
    },
  };
}

function line(from: Folder, to: Folder): string {
  const middle = FOLDER_HEIGHT / 2;
  return curve([
    [from.x + CARD_WIDTH, from.y + middle],
    [to.x, to.y + middle],
  ]);
}

/** Folder of a vertex, as deep as leaves few enough of them. */
function grouping(project: Project, vertices: ReadonlySet<number>): (v: number) => string {
  const { folder, folders } = project.core;
  const used = new Set<number>();
  for (const v of vertices) used.add(folder[v]!);
  let cut: string[] = [];
  for (let depth = DEEPEST; depth > 0; depth--) {
    cut = folders.map((path) => path.split('/').slice(0, depth).join('/') || '.');
    if (new Set([...used].map((i) => cut[i])).size <= MOST_FOLDERS) break;
  }
  return (v) => cut[folder[v]!]!;
}

function countEdges(project: Project, vertices: ReadonlySet<number>, place: (v: number) => number) {
  const found = new Map<string, { from: number; to: number; edges: number }>();
  const { edges } = project.core;
  for (let e = 0; e < edges.length; e += 2) {
    const [parent, child] = [edges[e]!, edges[e + 1]!];
    if (!vertices.has(parent) || !vertices.has(child)) continue;
    const [from, to] = [place(parent), place(child)];
    if (from === to) continue;
    const key = `${from} ${to}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { from, to, edges: 1 });
    else known.edges += 1;
  }
  return [...found.values()];
}
