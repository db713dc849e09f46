/** One vertex: what it is, and its tabs. */
import type { ComponentType } from 'preact';
import { count, duration, plural } from '../format.ts';
import { Heading } from '../parts/heading.tsx';
import { MarkdownText } from '../parts/markdown.tsx';
import { StatePill } from '../parts/status.tsx';
import { TypeIcon } from '../parts/type-icon.tsx';
import { href, nodeHref } from '../route.ts';
import { MissingPage } from './missing.tsx';
import { Aside } from './node/aside.tsx';
import { CodeTab, CompiledTab } from './node/code-tab.tsx';
import { ColumnsTab } from './node/columns-tab.tsx';
import { LineageTab } from './node/lineage-tab.tsx';
import type { TabProps } from './node/props.ts';
import { RunsTab } from './node/runs-tab.tsx';
import { TestsTab } from './node/tests-tab.tsx';
import type { PageProps } from './props.ts';

interface Tab {
  name: string;
  title: string;
  Content: ComponentType<TabProps>;
}

const TABS: readonly Tab[] = [
  { name: 'columns', title: 'Columns', Content: ColumnsTab },
  { name: 'code', title: 'Code', Content: CodeTab },
  { name: 'compiled', title: 'Compiled', Content: CompiledTab },
  { name: 'tests', title: 'Tests', Content: TestsTab },
  { name: 'runs', title: 'Runs', Content: RunsTab },
  { name: 'lineage', title: 'Lineage', Content: LineageTab },
];

/** Tabs of what has no code of its own, or nothing but relations to others. */
const WITHOUT_CODE: ReadonlySet<string> = new Set(['source', 'seed']);
const ONLY_LINEAGE: ReadonlySet<string> = new Set(['exposure', 'metric', 'semantic_model', 'saved_query']);

export function NodePage(props: PageProps) {
  const { project, later, route } = props;
  const v = project.find(route.id);
  if (v === undefined) return <MissingPage {...props} />;
  const { core } = project;
  const { text } = later;
  const tabs = tabsOf(project.type(v));
  const tab = tabs.find(({ name }) => name === route.tab) ?? tabs[0]!;
  const said = text?.messages.find(([node]) => node === v)?.[1];
  const message = core.state[v]! > 1 ? said : undefined;
  return (
    <div class="node-page">
      <div class="body">
        <p class="crumbs">{crumbs(project.folder(v))}</p>
        <Heading>
          <span class={`badge type-${project.type(v)}`}>
            <TypeIcon type={project.type(v)} />
          </span>
          {project.label(v)}
        </Heading>
        <p class="pills">
          <span class="pill">{project.built(v)}</span>
          <StatePill state={core.state[v]!} />
          {core.failing[v]! > 0 && (
            <StatePill state={4} text={`${plural(core.failing[v]!, 'test')} failed`} />
          )}
          {core.warning[v]! > 0 && (
            <StatePill state={3} text={`${plural(core.warning[v]!, 'test')} warned`} />
          )}
          {core.rows[v]! >= 0 && <span class="pill">{plural(core.rows[v]!, 'row')}</span>}
          {core.ms[v]! >= 0 && <span class="pill">{duration(core.ms[v]!)}</span>}
          {project.tags(v).map((tag) => (
            <a class="pill" key={tag} href={href('lineage', '', '', { select: `tag:${tag}` })}>
              #{tag}
            </a>
          ))}
        </p>
        {message !== undefined && <pre class={`message state-${core.state[v]}`}>{message}</pre>}
        {text !== undefined &&
          (text.description[v] !== 0 ? (
            <MarkdownText tree={text.description[v]!} />
          ) : (
            <p class="dim">No description yet.</p>
          ))}
        <nav class="tabs" aria-label="Details">
          {tabs.map(({ name, title }) => (
            <a
              key={name}
              href={nodeHref(route.id, name)}
              aria-current={name === tab.name ? 'page' : undefined}
            >
              {title}
              {name === 'tests' && core.tests[v]! > 0 && <small> {count(core.tests[v]!)}</small>}
            </a>
          ))}
        </nav>
        <tab.Content {...props} v={v} key={tab.name} />
      </div>
      <Aside project={project} v={v} text={text} />
    </div>
  );
}

function tabsOf(type: string): Tab[] {
  if (ONLY_LINEAGE.has(type)) return TABS.filter(({ name }) => name === 'lineage');
  if (!WITHOUT_CODE.has(type)) return [...TABS];
  return TABS.filter(({ name }) => name !== 'code' && name !== 'compiled');
}

function crumbs(folder: string) {
  const parts = folder === '' ? [] : folder.split('/');
  return parts.map((part, i) => (
    <span key={part}>
      <a href={href('lineage', '', '', { select: `path:${parts.slice(0, i + 1).join('/')}` })}>{part}</a> /{' '}
    </span>
  ));
}
