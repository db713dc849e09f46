/** Events in, lines out: to the console, the log file and, on a terminal, the live status line. */
import { SqError } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { type Invocation, scrub } from '../invocation.ts';
import { blankLines } from './blank-lines.ts';
import { type Level, levelOf, reaches } from './codes.ts';
import { type Console, createConsole, jsonLevel } from './console.ts';
import { customEnvironment } from './custom-environment.ts';
import { countDeprecations } from './deprecations.ts';
import { jsonLine } from './json.ts';
import { createLiveLine, type LiveLine } from './live.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { maskJson } from './mask.ts';
import { type MessageStyle, messageOf } from './messages.ts';
import { NodesUnderWay } from './nodes-under-way.ts';
import { colorPaint, plainPaint, wantsColors } from './paint.ts';
import { fileStamp } from './stamp.ts';
import { judge } from './warn-error.ts';

export interface ReporterOptions {
  invocation: Invocation;
  /** Get whole lines with their line breaks. */
  stdout(text: string): void;
  stderr(text: string): void;
  /** Given when stdout is a terminal that can be redrawn. */
  terminal?: { readonly columns: number } | undefined;
}

export interface Reporter {
  /**
   * Shows an event. Throws SqError (Compilation) when `--warn-error` makes an error of it.
   * What is emitted before the log folder is known goes to the file later, in order.
   */
  emit(event: SqEvent): void;
  /** Says where `dbt.log` is; undefined: this command keeps no log file. Only the first call counts. */
  logTo(folder: string | undefined): void;
  /** Writes what is left. Repeatable. */
  close(): void;
}

/** Flags are read at every event: those of the project arrive after the first lines are written. */
export async function createReporter(options: ReporterOptions): Promise<Reporter> {
  const { invocation } = options;
  const { flags, env } = invocation;
  const paint = wantsColors(flags.useColors, env) ? await colorPaint() : plainPaint;
  const filePaint = wantsColors(flags.useColorsFile, env) ? await colorPaint() : plainPaint;
  const extra = customEnvironment(env);
  const deprecations = countDeprecations(flags.showAllDeprecations);
  const live = liveLine(options, paint);
  const console = createConsole({
    flags,
    stdout: live ? (text) => live.above(text) : options.stdout,
    stderr: options.stderr,
  });
  const fileJson = flags.logFormatFile === 'json';
  let file: LogFile | undefined;
  let early: { event: SqEvent; time: Date }[] | undefined = [];
  let closed = false;

  const style = (colors: MessageStyle['paint'], quiet: boolean): MessageStyle => ({
    paint: colors,
    width: flags.printerWidth,
    quiet,
  });
  const json = (event: SqEvent, time: Date, level: Level) =>
    maskJson(
      jsonLine(event, {
        invocationId: invocation.id,
        time,
        message: messageOf(event, style(plainPaint, flags.quiet)),
        level,
        pid: process.pid,
        extra,
      }),
      invocation.secrets,
    );
  const underWay = new NodesUnderWay();
  const mask = (text: string) => scrub(text, invocation.secrets);

  const toConsole = (event: SqEvent, time: Date, target: Console) => {
    if (!target.shows(event)) return;
    const line = target.json
      ? json(event, time, jsonLevel(event))
      : mask(messageOf(event, style(paint, flags.quiet)));
    target.write(event, line, time);
  };
  const toFile = (event: SqEvent, time: Date, target: LogFile) => {
    const level = levelOf(event);
    if (!reaches(level, flags.logLevelFile)) return;
    const urgent = level === 'warn' || level === 'error';
    if (fileJson) return target.line(json(event, time, level), urgent);
    const head = `${fileStamp(time)} [${level.padEnd(5)}] [MainThread]: `;
    const blanks = blankLines(event);
    if (blanks.before) target.line(head, false);
    target.line(mask(head + messageOf(event, style(filePaint, false))), urgent);
    if (blanks.after) target.line(head, false);
  };
  const show = (given: SqEvent) => {
    const event = underWay.tell(given);
    const time = invocation.now();
    live?.follow(event);
    toConsole(event, time, console);
    if (file) toFile(event, time, file);
    else early?.push({ event, time });
  };

  return {
    emit(event) {
      const verdict = judge(event, flags);
      if (verdict === 'silence') return;
      if (verdict === 'raise') throw upgraded(event);
      if (event.name === 'CommandCompleted') showSummary();
      if (event.name === 'Deprecation' && !deprecations.count(event.event_name)) return;
      show(event);
    },
    logTo(folder) {
      if (early === undefined) return;
      const waiting = early;
      early = undefined;
      if (folder === undefined || flags.logLevelFile === 'none') return;
      file = openLogFile({ folder, maxBytes: flags.logFileMaxBytes });
      if (!file) return;
      if (!fileJson) {
        const rule = '='.repeat(30);
        file.line(`\n\n${rule} ${fileStamp(invocation.startedAt)} | ${invocation.id} ${rule}`, false);
      }
      for (const { event, time } of waiting) toFile(event, time, file);
    },
    close() {
      if (closed) return;
      closed = true;
      showSummary();
      live?.close();
      file?.close();
      file = undefined;
      early = undefined;
    },
  };

  function showSummary() {
    const summary = deprecations.takeSummary();
    if (summary) show(summary);
  }
}

/** dbt raises the text of the warning, tag included, as a compilation error. */
function upgraded(event: SqEvent): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'warning-as-error',
    message: messageOf(event, { paint: plainPaint, width: 80, quiet: false }),
    hint: 'a warning stops this command because of --warn-error or --warn-error-options',
  });
}

function liveLine(options: ReporterOptions, paint: MessageStyle['paint']): LiveLine | undefined {
  const { terminal, invocation } = options;
  const { flags, env } = invocation;
  const wanted = flags.logFormat !== 'json' && !flags.quiet && !flags.debug;
  if (terminal === undefined || !wanted || env.CI || env.TERM === 'dumb') return undefined;
  return createLiveLine(
    {
      write: options.stdout,
      get columns() {
        return terminal.columns;
      },
    },
    paint,
  );
}
