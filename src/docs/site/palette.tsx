/**
 * Search over models, sources, columns, tests and pages. It is always there and shown inside the key handler: were
 * it made on demand, the first letters typed would be lost.
 */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Project } from './data/project.ts';
import { search } from './data/search.ts';
import { testId } from './data/selectable.ts';
import { plural } from './format.ts';
import { TypeIcon } from './parts/type-icon.tsx';
import { go, href, nodeHref } from './route.ts';
import type { Later } from './use-chunk.ts';

export interface PaletteHandle {
  show(): void;
  close(): void;
}

interface Hit {
  icon: string;
  kind: string;
  text: string;
  beside: string;
  to: string;
}

export interface PaletteProps {
  project: Project;
  later: Later;
  handle: { current: PaletteHandle | null };
}

const MOST_NODES = 12;
const MOST_OTHERS = 8;

export function Palette({ project, later, handle }: PaletteProps) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  handle.current = {
    show() {
      if (dialog.current?.open === false) dialog.current.showModal();
      input.current?.focus();
      input.current?.select();
    },
    close: () => dialog.current?.close(),
  };
  const hits = useMemo(() => hitsOf(project, later, query), [project, later, query]);
  const select = (place: number) => {
    setAt(place);
    list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  };
  const open = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    dialog.current?.close();
    go(hit.to);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') select(Math.min(at + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') select(Math.max(at - 1, 0));
    else if (event.key === 'Enter') open(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label="Search"
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <input
        ref={input}
        value={query}
        role="combobox"
        aria-label="Search"
        aria-expanded="true"
        aria-controls="hits"
        aria-autocomplete="list"
        aria-activedescendant={hits[at] && `hit-${at}`}
        placeholder="Model, source, column, test or page"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <p class="hidden" role="status">
        {query === '' ? '' : plural(hits.length, 'result')}
      </p>
      <ul id="hits" ref={list} role="listbox" aria-label="Results">
        {hits.map((hit, i) => (
          <li
            key={`${hit.to} ${hit.kind}`}
            id={`hit-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerMove={() => setAt(i)}
            onClick={() => open(hit)}
          >
            <TypeIcon type={hit.icon} />
            <span class="hit">{hit.text}</span>
            <span class="beside">{hit.beside}</span>
            <span class="kind">{hit.kind}</span>
          </li>
        ))}
      </ul>
      {query !== '' && hits.length === 0 && <p class="nothing">Nothing is called “{query}”.</p>}
      <p class="keys" aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close
      </p>
    </dialog>
  );
}

const PAGES = ['overview', 'lineage', 'models', 'sources', 'tests', 'runs'];

function hitsOf(project: Project, later: Later, query: string): Hit[] {
  const page = (name: string): Hit => ({
    icon: 'page',
    kind: 'page',
    text: `${name[0]!.toUpperCase()}${name.slice(1)}`,
    beside: '',
    to: href(name),
  });
  if (query.trim() === '') return PAGES.map(page);
  const nodes = search(project.lower, query, MOST_NODES).map(
    (v): Hit => ({
      icon: project.type(v),
      kind: project.type(v).replaceAll('_', ' '),
      text: project.label(v),
      beside: project.folder(v),
      to: nodeHref(project.id(v)),
    }),
  );
  const asked = query.toLowerCase().trim();
  // who types the name of a page means the page; it must not stand below names that hold its letters
  const pages = asked.length < 2 ? [] : PAGES.filter((name) => name.startsWith(asked)).map(page);
  return [...pages, ...nodes, ...columnHits(project, later, query), ...testHits(project, later, query)];
}

/** Names of columns repeat in every model: those that contain the word, in the order of the graph. */
function columnHits(project: Project, { columns }: Later, query: string): Hit[] {
  const asked = query.toLowerCase().trim();
  if (columns === undefined || asked.length < 2) return [];
  const [owner, name] = asked.includes('.') ? asked.split('.', 2) : ['', asked];
  const names = new Set(
    columns.chunk.names.flatMap((text, i) => (text.toLowerCase().includes(name as string) ? [i] : [])),
  );
  const hits: Hit[] = [];
  for (let c = 0; c < columns.count && hits.length < MOST_OTHERS; c++) {
    if (!names.has(columns.chunk.name[c]!)) continue;
    const v = columns.owner[c]!;
    if (owner !== '' && !project.lower[v]!.includes(owner as string)) continue;
    hits.push({
      icon: 'column',
      kind: 'column',
      text: columns.name(c),
      beside: project.label(v),
      to: nodeHref(project.id(v), 'columns', { col: columns.name(c) }),
    });
  }
  return hits;
}

function testHits(project: Project, { text }: Later, query: string): Hit[] {
  if (text === undefined || query.trim().length < 2) return [];
  const { tests } = text;
  const asked = query.toLowerCase().trim();
  const named = tests.name.flatMap((name, t) =>
    tests.node[t] !== -1 && name.toLowerCase().includes(asked) ? [t] : [],
  );
  return named.slice(0, MOST_OTHERS / 2).map((t) => ({
    icon: 'test',
    kind: 'test',
    text: tests.name[t]!,
    beside: project.label(tests.node[t]!),
    to: nodeHref(project.id(tests.node[t]!), 'tests', { test: testId(project, tests, t) }),
  }));
}
