import type { RunFacts } from '../../../chunks.ts';
import { type Past, pastOf } from '../../data/history.ts';
import { count, duration, moment } from '../../format.ts';
import { LongTable } from '../../parts/long-table.tsx';
import { StatePill } from '../../parts/status.tsx';
import type { TabProps } from './props.ts';

export function RunsTab({ later: { runs }, v }: TabProps) {
  if (runs === undefined) return <p class="dim">Reading…</p>;
  const past = pastOf(runs, v);
  if (past.length === 0) return <p class="dim">It has not run yet, or its runs are not in the history.</p>;
  const marked = past.filter(({ slower, rowsJump }) => slower || rowsJump).length;
  return (
    <>
      <Chart past={past} runs={runs.history} />
      <p class="dim small">
        {marked === 0
          ? 'No run stands out: none took half as long again as the ten before it, and no row count jumped by a third.'
          : 'Marked: it took half as long again as the ten runs before it, or its row count jumped by a third.'}
      </p>
      <LongTable
        label="Runs of this node"
        rows={[...past].reverse()}
        rowClass={({ slower, rowsJump }) => (slower || rowsJump ? 'marked' : '')}
        columns={[
          { name: 'Run', cell: ({ run }) => moment(runs.history[run]!.startedAt) },
          { name: 'State', cell: ({ state }) => <StatePill state={state} /> },
          {
            name: 'Time',
            cell: ({ ms, slower }) => `${duration(ms)}${slower ? ' ▲ slower' : ''}`,
            key: ({ ms }) => ms,
            figures: true,
          },
          {
            name: 'Rows written',
            cell: ({ rows, rowsJump }) => (rows < 0 ? '' : `${count(rows)}${rowsJump ? ' ▲ jump' : ''}`),
            key: ({ rows }) => rows,
            figures: true,
          },
          { name: 'Command', cell: ({ run }) => <code>{runs.history[run]!.command}</code>, wide: true },
        ]}
      />
    </>
  );
}

/** Bars for time; a line for rows would say the same as the table in less room, so it stands below them. */
function Chart({ past, runs }: { past: readonly Past[]; runs: readonly RunFacts[] }) {
  const longest = Math.max(1, ...past.map(({ ms }) => ms));
  const most = Math.max(1, ...past.map(({ rows }) => rows));
  const title = (one: Past) => `${moment(runs[one.run]!.startedAt)}: ${duration(one.ms)}`;
  return (
    <div class="charts">
      <figure>
        <figcaption>Time, at most {duration(longest)}</figcaption>
        <div class="run-bars" aria-hidden="true">
          {past.map((one) => (
            <span
              key={one.run}
              class={`state-${one.state}${one.slower ? ' marked' : ''}`}
              style={{ height: `${Math.max(4, (100 * one.ms) / longest)}%` }}
              title={title(one)}
            />
          ))}
        </div>
      </figure>
      <figure>
        <figcaption>Rows written, at most {count(most)}</figcaption>
        <div class="run-bars" aria-hidden="true">
          {past.map((one) => (
            <span
              key={one.run}
              class={`rows${one.rowsJump ? ' marked' : ''}`}
              style={{ height: `${Math.max(4, (100 * Math.max(0, one.rows)) / most)}%` }}
            />
          ))}
        </div>
      </figure>
    </div>
  );
}
