import { useEffect } from 'preact/hooks';
import { testId } from '../../data/selectable.ts';
import { duration, plural } from '../../format.ts';
import { Sql } from '../../parts/sql.tsx';
import { StatePill } from '../../parts/status.tsx';
import { testTitle } from '../../parts/test-table.tsx';
import type { TabProps } from './props.ts';
import { useCode } from './use-code.ts';

export function TestsTab({ project, later: { text, columns }, route, v }: TabProps) {
  const code = useCode(v);
  const asked = route.query.get('test');
  useEffect(() => {
    if (asked !== null) document.getElementById(asked)?.scrollIntoView({ block: 'nearest' });
  }, [asked, text !== undefined, code !== undefined]);
  if (text === undefined) return <p class="dim">Reading…</p>;
  const { tests } = text;
  const own = tests.node
    .flatMap((node, t) => (node === v ? [t] : []))
    .sort((a, b) => tests.state[b]! - tests.state[a]! || a - b);
  if (own.length === 0) return <p class="dim">No test looks at it.</p>;
  const sql = new Map(typeof code === 'object' ? code.tests : []);
  return (
    <ul class="tests">
      {own.map((t) => {
        const id = testId(project, tests, t);
        const column = tests.column[t]!;
        return (
          <li key={id} id={id} class={id === asked ? 'lit' : ''}>
            <details open={id === asked || tests.state[t]! > 2}>
              <summary>
                <StatePill state={tests.state[t]!} />
                <span class="title">
                  {testTitle(text, t)}
                  {column !== -1 && columns !== undefined && <code> {columns.name(column)}</code>}
                  {tests.label[t] !== 0 && <span class="dim"> {tests.label[t]}</span>}
                </span>
                <span class="dim figures-text">
                  {[
                    tests.failures[t]! > 0 && plural(tests.failures[t]!, 'failing row'),
                    tests.warnOnly[t] === 1 && 'severity warn',
                    duration(tests.ms[t]!),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </summary>
              {tests.message[t] !== 0 && (
                <pre class={`message state-${tests.state[t]}`}>{tests.message[t]}</pre>
              )}
              <p class="dim small">
                {tests.name[t]} in <code>{tests.path[t]}</code>
              </p>
              {sql.has(t) && <Sql text={sql.get(t)!} label={`SQL of ${tests.name[t]}`} />}
            </details>
          </li>
        );
      })}
    </ul>
  );
}
