/**
 * What the terminal or the pipe gets: text lines `HH:MM:SS  message`, or JSON lines. Output that other
 * programs read as data (`ls`, `show`, `compile`, `print()`) has no time stamp.
 */
import type { SqEvent } from '../events.ts';
import type { Flags } from '../invocation.ts';
import { blankLines } from './blank-lines.ts';
import { type Level, levelOf, reaches } from './codes.ts';
import { clockStamp } from './stamp.ts';

export interface ConsoleOptions {
  flags: Pick<Flags, 'which' | 'quiet' | 'debug' | 'logLevel' | 'logFormat' | 'print'>;
  /** Gets whole lines with their line breaks. */
  stdout(text: string): void;
  stderr(text: string): void;
}

export interface Console {
  /** False for an event this console does not show; asked before any text is made. */
  shows(event: SqEvent): boolean;
  /** `line`: the JSON line in JSON format, else the message with its colours. */
  write(event: SqEvent, line: string, time: Date): void;
  readonly json: boolean;
}

export function createConsole(options: ConsoleOptions): Console {
  const { flags } = options;
  const json = flags.logFormat === 'json';
  const least = flags.quiet ? 'error' : flags.debug ? 'debug' : flags.logLevel;
  const listing = ['ls', 'list', 'lineage'].includes(flags.which);
  return {
    json,
    shows(event) {
      if (event.name === 'PrintEvent') return flags.print;
      if (isData(event)) return true;
      return reaches(json ? jsonLevel(event) : levelOf(event), least);
    },
    write(event, line, time) {
      // orchestrators take everything that `ls` writes to stdout for nodes; `lineage` is piped into other programs
      const out = listing && levelOf(event) === 'warn' ? options.stderr : options.stdout;
      if (json) return out(`${line}\n`);
      if (isData(event)) return out(`${line}\n`);
      const stamp = `${clockStamp(time)}  `;
      const blanks = blankLines(event);
      const blank = `${stamp}\n`;
      const showBlanks = reaches('info', least);
      const before = blanks.before && showBlanks ? blank : '';
      const after = blanks.after && showBlanks ? blank : '';
      const text = line.replace(/\n(?=[^\n])/g, `\n${beforeFurtherLines(event, stamp)}`);
      out(`${before}${stamp}${text}\n${after}`);
    },
  };
}

/** Written as it is: programs read it. */
export function isData(event: SqEvent): boolean {
  switch (event.name) {
    case 'PrintEvent':
    case 'ListCmdOut':
    case 'ShowNode':
    case 'CompiledNode':
    case 'DryRunNode':
    case 'SqLineageTree':
      return true;
    default:
      return false;
  }
}

/** The lines of one message stand below each other, but where programs read what follows the first one. */
function beforeFurtherLines(event: SqEvent, stamp: string): string {
  switch (event.name) {
    case 'SqRowCounts':
      return stamp;
    case 'RunResultError':
    case 'RunResultWarningMessage':
    case 'CheckNodeTestFailure':
    case 'NoNodesForSelectionCriteria':
    case 'Warning':
    case 'SqNotice':
      return ' '.repeat(stamp.length);
    default:
      return '';
  }
}

/** In JSON, NodeFinished is info: it is the event that orchestrators of dbt 2 listen to (orchestrators.md §3). */
export function jsonLevel(event: SqEvent): Level {
  return event.name === 'NodeFinished' ? 'info' : levelOf(event);
}
