/** Times as dbt writes them: UTC. */

/** `08:37:43`, before every line of the console. */
export function clockStamp(time: Date): string {
  return time.toISOString().slice(11, 19);
}

/** `08:37:43.351000`, before every line of the log file; JavaScript's clock knows milliseconds. */
export function fileStamp(time: Date): string {
  return `${time.toISOString().slice(11, 23)}000`;
}

/** `2026-11-21T08:38:22.119000Z`, as in JSON lines and artefacts. */
export function isoStamp(time: Date): string {
  return `${time.toISOString().slice(0, 23)}000Z`;
}
