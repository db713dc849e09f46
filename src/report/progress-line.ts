/** dbt's line about a node: message, dots up to the printer width, status and seconds in brackets. */
export interface ProgressLine {
  message: string;
  /** As shown, with its colours. */
  status: string;
  index: number;
  total: number;
  /** Seconds; left out of a line about something that starts or is skipped. */
  seconds?: number;
  /** Cut to the printer width: statements of hooks can be long. */
  truncate?: boolean;
}

/** `1 of 3 START sql view model main.a ........ [RUN]`; dots fill up to `width` characters. */
export function progressLine(line: ProgressLine, width: number): string {
  let text = `${line.index} of ${line.total} ${line.message} `.padEnd(width, '.');
  const longest = width - 3;
  if (line.truncate && text.length > width) text = text.slice(0, longest) + '...';
  const time = line.seconds === undefined ? '' : ` in ${line.seconds.toFixed(2)}s`;
  return `${text} [${line.status}${time}]`;
}

/** `1 error`, `2 errors`. */
export function plural(count: number, word: string, several = `${word}s`): string {
  return `${count} ${count === 1 ? word : several}`;
}
