/** Dates and moments as Spark prints them, from the numbers that come. */

const MICROS_OF_DAY = 86_400_000_000n;

/** `days` since 1970-01-01. */
export function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  const shown = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${shown}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

/** `micros` since 1970-01-01 00:00:00; sessions are in UTC. */
export function timestampText(micros: bigint): string {
  let days = micros / MICROS_OF_DAY;
  let rest = micros % MICROS_OF_DAY;
  if (rest < 0n) {
    days -= 1n;
    rest += MICROS_OF_DAY;
  }
  const seconds = Number(rest / 1_000_000n);
  const fraction = Number(rest % 1_000_000n);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const tail = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
  return `${dateText(Number(days))} ${clock}${tail}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
