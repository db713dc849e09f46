/** The picture of a selection, with the box that makes it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Selector } from '../data/select.ts';
import { trace as traceOf } from '../data/trace.ts';
import { count, plural } from '../format.ts';
import { FocusView } from '../graph/focus-view.tsx';
import { FolderView } from '../graph/folder-view.tsx';
import { MOST_CARDS } from '../graph/geometry.ts';
import { MapView } from '../graph/map-view.tsx';
import { TraceTable } from '../graph/trace-table.tsx';
import { Heading } from '../parts/heading.tsx';
import { NodeTable } from '../parts/node-table.tsx';
import { go, lineageHref } from '../route.ts';
import { Hops } from './hops.tsx';
import type { PageProps } from './props.ts';

const VIEWS = [
  ['graph', 'Graph'],
  ['folders', 'Folders'],
  ['map', 'Map'],
  ['list', 'List'],
] as const;

type ViewName = (typeof VIEWS)[number][0];

/** So many cards can have all their columns open at once. */
const MOST_OPEN = 60;

export function LineagePage({ project, later, route, theme }: PageProps) {
  const { columns, text } = later;
  const select = route.query.get('select') ?? '';
  const col = route.query.get('col') ?? '';
  const asked = route.query.get('view');
  const [typed, setTyped] = useState(select);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => setTyped(select), [select]);
  // a path shows its own columns only, until others are opened there
  useEffect(() => setOpened(new Set()), [col]);
  const column = col === '' || columns === undefined ? -1 : columns.at(col);
  const trace = useMemo(() => {
    if (columns === undefined || column === -1) return undefined;
    performance.mark('sq:trace-start');
    const found = traceOf(columns, column);
    performance.measure('sq:trace', 'sq:trace-start');
    return found;
  }, [columns, column]);
  const selector = useMemo(() => new Selector(project, text?.tests), [project, text]);
  const { vertices, notes } = useMemo(() => selector.select(select), [selector, select]);
  const shown = trace?.vertices ?? vertices;
  const view = viewOf(asked, shown.size);
  const focus = useMemo(() => focusOf(select, vertices, (v) => project.name(v)), [select, vertices, project]);
  const link = (change: { select?: string; col?: string; view?: string }) =>
    lineageHref({ select, col, view: asked ?? '', ...change });
  const toggle = (v: number) => {
    const next = new Set(opened);
    if (!next.delete(v)) next.add(v);
    setOpened(next);
  };
  const allOpen = opened.size > 0;
  return (
    <div class="lineage">
      <Heading quiet>Lineage</Heading>
      <form
        class="toolbar"
        onSubmit={(event) => {
          event.preventDefault();
          go(link({ select: typed.trim(), col: '' }));
        }}
      >
        <div class="selector">
          <label for="select">--select</label>
          <input
            id="select"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            placeholder="+songplays   2+name+1   path:models/marts   tag:nightly"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
          />
          <button type="submit">Show</button>
        </div>
        {col !== '' && (
          <span class="chip">
            column <strong>{column === -1 ? col : columns!.label(column)}</strong>
            <a href={link({ col: '' })} aria-label="Stop tracing the column">
              ✕
            </a>
          </span>
        )}
        {col === '' && focus !== -1 && <Hops select={select} link={(to) => link({ select: to })} />}
        <span class="dim status" role="status">
          {notes.length > 0 ? notes.join('. ') : `${count(shown.size)} of ${plural(project.count, 'node')}`}
        </span>
        {view === 'graph' && trace === undefined && (
          <button
            type="button"
            aria-pressed={allOpen}
            disabled={columns === undefined || shown.size > MOST_OPEN}
            onClick={() => setOpened(allOpen ? new Set() : new Set(shown))}
          >
            Columns
          </button>
        )}
        <nav class="views" aria-label="View">
          {VIEWS.filter(([name]) => name !== 'graph' || shown.size <= MOST_CARDS).map(([name, title]) => (
            <a key={name} href={link({ view: name })} aria-current={view === name ? 'true' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </form>
      {shown.size === 0 ? (
        <p class="empty">
          Nothing is selected. <a href={lineageHref({})}>Show everything</a>
        </p>
      ) : view === 'list' ? (
        <div class="padded" tabIndex={0} role="region" aria-label="List">
          {trace !== undefined && columns !== undefined ? (
            <TraceTable project={project} columns={columns} trace={trace} />
          ) : (
            <NodeTable project={project} vertices={[...shown]} label="Selected nodes" />
          )}
        </div>
      ) : view === 'map' ? (
        <MapView project={project} vertices={shown} theme={theme} />
      ) : view === 'folders' ? (
        <FolderView project={project} vertices={shown} />
      ) : (
        <FocusView
          project={project}
          columns={columns}
          vertices={shown}
          focus={focus}
          trace={trace}
          opened={opened}
          onToggle={toggle}
        />
      )}
    </div>
  );
}

function viewOf(asked: string | null, size: number): ViewName {
  const known = VIEWS.find(([name]) => name === asked)?.[0];
  const usual = size > MOST_CARDS ? 'folders' : 'graph';
  return known === undefined || (known === 'graph' && size > MOST_CARDS) ? usual : known;
}

/** The one name that a selection is about: `2+songplays+1`. */
function focusOf(select: string, vertices: ReadonlySet<number>, name: (v: number) => string): number {
  const asked = /^@?(?:\d*\+)?(?:\w+:)?([\w.]+?)(?:\+\d*)?$/.exec(select.trim())?.[1]?.split('.').at(-1);
  if (asked === undefined) return -1;
  for (const v of vertices) if (name(v) === asked) return v;
  return -1;
}
