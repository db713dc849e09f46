/** The first view of a large project; a click narrows to a folder. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Project } from '../data/project.ts';
import { count, duration, plural } from '../format.ts';
import { statePath } from '../parts/status.tsx';
import { go, lineageHref } from '../route.ts';
import { useCamera } from './camera.ts';
import { NAME_FONT } from './card.tsx';
import { fitText } from './fit-text.ts';
import { FOLDER_HEIGHT, type Folder, folderPicture } from './folder-layout.ts';
import { CARD_WIDTH } from './geometry.ts';
import { arrowTarget } from './roving.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export interface FolderViewProps {
  project: Project;
  vertices: ReadonlySet<number>;
  embedded?: boolean;
}

const FITTING = { smallest: 0.28 };

export function FolderView({ project, vertices, embedded = false }: FolderViewProps) {
  const svg = useRef<SVGSVGElement>(null);
  const layer = useRef<SVGGElement>(null);
  const [hot, setHot] = useState(-1);
  const drawn = useMemo(() => folderPicture(project, vertices), [project, vertices]);
  const camera = useCamera(svg, {
    box: drawn.box,
    picture: drawn,
    embedded,
    ...FITTING,
    moved: ({ x, y, k }) => layer.current?.setAttribute('transform', `translate(${x},${y}) scale(${k})`),
  });
  const refit = () => camera.fit(drawn.box, FITTING);
  const open = (folder: Folder) =>
    go(lineageHref({ select: `path:${folder.path === '.' ? '*' : folder.path}` }));
  const key = (event: KeyboardEvent, i: number) => {
    const places = drawn.folders.map(({ x, y }, folder) => ({ key: folder, x, y }));
    const to = arrowTarget(event.key, i, places, {
      right: drawn.edges.filter(({ from, back }) => from === i && !back).map((edge) => edge.to),
      left: drawn.edges.filter((edge) => edge.to === i && !edge.back).map(({ from }) => from),
    });
    if (to !== undefined) {
      const { x, y } = drawn.folders[to]!;
      setHot(to);
      camera.show({ x, y, width: CARD_WIDTH, height: FOLDER_HEIGHT });
      svg.current?.querySelector<SVGElement>(`[data-folder="${to}"]`)?.focus({ preventScroll: true });
    } else if (event.key === 'Enter') open(drawn.folders[i]!);
    else if (event.key === '+') camera.zoom(1.3);
    else if (event.key === '-') camera.zoom(1 / 1.3);
    else if (event.key === '0') refit();
    else if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
  };
  const first = hot === -1 ? 0 : hot;
  const touches = (edge: { from: number; to: number }) =>
    hot === -1 ? '' : edge.from === hot || edge.to === hot ? 'on' : 'off';
  return (
    <div class="graph" onScroll={({ currentTarget }) => currentTarget.scrollTo(0, 0)}>
      <svg
        ref={svg}
        role="group"
        aria-label={`${plural(drawn.folders.length, 'folder')}. Arrow keys follow the edges, Enter narrows to a folder.`}
      >
        <g ref={layer}>
          <g class="edges folders" aria-hidden="true">
            {drawn.edges.map((edge) => (
              <path
                key={`${edge.from} ${edge.to}`}
                d={edge.path}
                class={[touches(edge), edge.back && 'back'].filter(Boolean).join(' ')}
                stroke-width={Math.min(9, 1 + Math.log2(edge.edges))}
              />
            ))}
          </g>
          {drawn.folders.map((folder, i) => (
            <g
              key={folder.path}
              class={`node type-${folder.type}`}
              transform={`translate(${folder.x},${folder.y})`}
              onPointerEnter={() => setHot(i)}
              onPointerLeave={() => setHot(-1)}
            >
              <title>{folder.path}</title>
              <rect
                class="card"
                width={CARD_WIDTH}
                height={FOLDER_HEIGHT}
                rx="10"
                data-folder={i}
                role="link"
                tabindex={i === first ? 0 : -1}
                aria-label={describe(folder)}
                onFocus={() => setHot(i)}
                onClick={() => !camera.dragged && open(folder)}
                onKeyDown={(event) => key(event, i)}
              />
              <g class="picture" aria-hidden="true">
                <path class="folder-icon" d="M14 16h6l2 3h10v13H14z" />
                <text class="name" x="44" y="24">
                  {fitText(folder.path, CARD_WIDTH - 44 - (folder.failed > 0 ? 56 : 12), NAME_FONT)}
                </text>
                <text class="sub" x="44" y="41">
                  {[plural(folder.nodes, 'node'), folder.ms > 0 && duration(folder.ms)]
                    .filter(Boolean)
                    .join(' · ')}
                </text>
                {folder.failed > 0 && <FailedMark failed={folder.failed} />}
                <Share folder={folder} />
              </g>
            </g>
          ))}
        </g>
      </svg>
      <ZoomButtons camera={camera} fit={refit} />
    </div>
  );
}

function FailedMark({ failed }: { failed: number }) {
  return (
    <>
      <path class="state state-4" d={statePath(4, CARD_WIDTH - 16, 20)} />
      <text class="sub" x={CARD_WIDTH - 26} y="24" text-anchor="end">
        {count(failed)}
      </text>
    </>
  );
}

function Share({ folder }: { folder: Folder }) {
  const width = CARD_WIDTH - 28;
  const bad = folder.failed === 0 ? 0 : Math.max(3, (width * folder.failed) / folder.nodes);
  return (
    <>
      <rect class="share" x="14" y="53" width={width} height="4" rx="2" />
      {bad > 0 && <rect class="share-bad" x="14" y="53" width={bad} height="4" rx="2" />}
    </>
  );
}

function describe({ path, nodes, failed, warned }: Folder): string {
  return `folder ${path}, ${plural(nodes, 'node')}, ${count(failed)} failed, ${count(warned)} warned`;
}
