/**
 * The live status line of a terminal: a progress bar and the nodes that run now, redrawn in place below the
 * log lines. Never used in pipes or CI.
 */
import type { SqEvent } from '../events.ts';
import type { Paint } from './paint.ts';

export interface Terminal {
  write(text: string): void;
  /** Columns; read at each drawing, since windows are resized. */
  readonly columns: number;
}

export interface LiveLine {
  /** Takes notice of what starts and ends. */
  follow(event: SqEvent): void;
  /** Writes log text above the status line. */
  above(text: string): void;
  close(): void;
}

const CLEAR = '\r\x1b[2K';
const BAR = 20;
/** Of a terminal that does not know its size. */
const USUAL_COLUMNS = 80;

/** `seconds` tells the time for the running nodes' ages. */
export function createLiveLine(
  terminal: Terminal,
  paint: Paint,
  seconds: () => number = () => performance.now() / 1000,
): LiveLine {
  const running = new Map<string, { name: string; since: number }>();
  let done = 0;
  let total = 0;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  // one write a redraw: a terminal that shows the halves one after the other flickers
  const redraw = (above: string) => {
    const state = { running: [...running.values()], done, total, now: seconds() };
    const status =
      timer && running.size > 0 ? paint.dim(statusText(state, terminal.columns || USUAL_COLUMNS)) : '';
    const text = (drawn ? CLEAR : '') + above + status;
    drawn = status !== '';
    if (text !== '') terminal.write(text);
  };
  const begin = (id: string, name: string, of: number) => {
    running.set(id, { name, since: seconds() });
    total = of;
    timer ??= setInterval(redraw, 120, '').unref();
  };
  const end = (id: string, of: number) => {
    running.delete(id);
    total = of;
    done += 1;
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = undefined;
    redraw('');
  };

  return {
    follow(event) {
      switch (event.name) {
        case 'LogStartLine':
          return begin(event.node_info.unique_id, event.node_info.node_name, event.total);
        case 'LogModelResult':
        case 'LogSnapshotResult':
        case 'LogFunctionResult':
        case 'LogSeedResult':
        case 'SkippingDetails':
        case 'LogSkipBecauseError':
        case 'LogNodeNoOpResult':
          return end(event.node_info.unique_id, event.total);
        case 'LogTestResult':
          return end(event.node_info.unique_id, event.num_models);
        case 'FinishedRunningStats':
        case 'MainEncounteredError':
          running.clear();
          return stop();
      }
    },
    above: redraw,
    close: stop,
  };
}

/** `[######--------------] 6/18  songs 2s, users 0s`, cut to the width of the terminal. */
export function statusText(
  state: { running: readonly { name: string; since: number }[]; done: number; total: number; now: number },
  columns: number,
): string {
  const share = state.total === 0 ? 0 : state.done / state.total;
  const filled = Math.min(BAR, Math.round(share * BAR));
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${state.done}/${state.total}`;
  const nodes = state.running.map((one) => `${one.name} ${Math.floor(state.now - one.since)}s`).join(', ');
  const text = `${bar}  ${nodes}`;
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
