/** The shell: header, the page of the route, the palette. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Project } from './data/project.ts';
import { Header } from './header.tsx';
import { LineagePage } from './pages/lineage.tsx';
import { MissingPage } from './pages/missing.tsx';
import { NodePage } from './pages/node.tsx';
import { NodesPage } from './pages/nodes.tsx';
import { OverviewPage } from './pages/overview.tsx';
import type { PageProps } from './pages/props.ts';
import { RunsPage } from './pages/runs.tsx';
import { SourcesPage } from './pages/sources.tsx';
import { TestsPage } from './pages/tests.tsx';
import { Palette, type PaletteHandle } from './palette.tsx';
import { parseRoute } from './route.ts';
import { currentTheme } from './theme.ts';
import { useLater } from './use-chunk.ts';

const PAGES: Readonly<Record<string, (props: PageProps) => preact.JSX.Element>> = {
  overview: OverviewPage,
  lineage: LineagePage,
  models: NodesPage,
  model: NodePage,
  sources: SourcesPage,
  tests: TestsPage,
  runs: RunsPage,
};

export function App({ project }: { project: Project }) {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const [theme, setTheme] = useState(currentTheme);
  const main = useRef<HTMLElement>(null);
  const palette = useRef<PaletteHandle>(null);
  const later = useLater(project);
  useEffect(() => {
    const moved = () => {
      setRoute(parseRoute(location.hash));
      palette.current?.close();
    };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const search = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
      const slash = event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName);
      if (!search && !slash) return;
      event.preventDefault();
      palette.current?.show();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);
  const place = `${route.page} ${route.id}`;
  const before = useRef(place);
  useEffect(() => {
    const subject = route.id === '' ? route.page : (route.id.split('.').at(-1) ?? route.id);
    document.title = `${subject} · ${project.core.project.name}`;
    if (before.current === place) return;
    before.current = place;
    main.current?.scrollTo(0, 0);
    // who reads by ear hears where the link has led
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [place]);
  const Page = PAGES[route.page] ?? MissingPage;
  const props = useMemo(() => ({ project, later, route, theme }), [project, later, route, theme]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <Header
        project={project}
        page={route.page}
        theme={theme}
        onTheme={setTheme}
        onSearch={() => palette.current?.show()}
      />
      <main id="main" ref={main} tabIndex={-1} class={route.page === 'lineage' ? 'full' : ''}>
        <Page {...props} key={place} />
      </main>
      <Palette project={project} later={later} handle={palette} />
    </>
  );
}
