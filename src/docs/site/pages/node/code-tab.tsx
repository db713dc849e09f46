import type { Project } from '../../data/project.ts';
import { neighbours } from '../../data/reach.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { type Range, Sql } from '../../parts/sql.tsx';
import type { Reference } from '../../parts/sql-tokens.ts';
import { go, nodeHref } from '../../route.ts';
import type { TabProps } from './props.ts';
import { useCode } from './use-code.ts';

export function CodeTab({ project, v }: TabProps) {
  const code = useCode(v);
  if (code === undefined) return <p class="dim">Reading…</p>;
  if (typeof code === 'string') return <p class="note">The code cannot be shown: {code}</p>;
  if (code === 0 || code.raw === '') return <p class="dim">It has no code.</p>;
  return (
    <>
      <div class="code-head">
        <code>{project.file(v)}</code>
        <CopyButton text={code.raw} />
      </div>
      <Sql text={code.raw} label="Code as written" link={(reference) => target(project, v, reference)} />
    </>
  );
}

export function CompiledTab({ project, later: { columns }, route, v }: TabProps) {
  const code = useCode(v);
  if (code === undefined) return <p class="dim">Reading…</p>;
  if (typeof code === 'string') return <p class="note">The code cannot be shown: {code}</p>;
  if (code === 0 || code.compiled === '') {
    return (
      <p class="dim">
        No compiled SQL is in this page. <code>sq docs generate</code> compiles the project, unless it is told{' '}
        <code>--no-compile</code> or <code>--no-compiled-code</code>.
      </p>
    );
  }
  const text = code.compiled === 0 ? code.raw : code.compiled;
  const asked = route.query.get('col') ?? '';
  const own = columns?.of(v) ?? [];
  const place = columns === undefined ? -1 : own.findIndex((c) => columns.name(c) === asked);
  const withExpression = own.filter((_, i) => rangeOf(code.expressions, i) !== undefined);
  return (
    <>
      <div class="code-head">
        {columns !== undefined && withExpression.length > 0 && (
          <label>
            Expression of{' '}
            <select
              value={asked}
              onChange={(event) =>
                go(nodeHref(project.id(v), 'compiled', { col: event.currentTarget.value }))
              }
            >
              <option value="">–</option>
              {withExpression.map((c) => (
                <option key={c}>{columns.name(c)}</option>
              ))}
            </select>
          </label>
        )}
        <CopyButton text={text} />
      </div>
      <Sql text={text} label="Compiled SQL" lit={rangeOf(code.expressions, place)} />
    </>
  );
}

function rangeOf(expressions: readonly number[], place: number): Range | undefined {
  for (let i = 0; i < expressions.length; i += 3) {
    if (expressions[i] === place) return { start: expressions[i + 1]!, end: expressions[i + 2]! };
  }
  return undefined;
}

/** A ref or source is always a parent, so only parents are looked at: names of other packages do not mislead. */
function target(project: Project, v: number, { kind, names }: Reference): string | undefined {
  for (const parent of neighbours(project.parents, v)) {
    const source = project.type(parent) === 'source';
    const found =
      kind === 'source'
        ? source && project.label(parent) === names.join('.')
        : !source && project.name(parent) === names.at(-1);
    if (found) return nodeHref(project.id(parent));
  }
  return undefined;
}
