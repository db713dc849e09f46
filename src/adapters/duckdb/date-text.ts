/** Dates and times as DuckDB prints them, from the numbers it keeps. */

const DAYS_OF_400_YEARS = 146_097;
const MICROS_OF_DAY = 86_400_000_000n;
const INFINITE_DAYS = 2_147_483_647;
const INFINITE_MICROS = 9_223_372_036_854_775_807n;

/** `days` since 1970-01-01; years before 1 as `0044-03-15 (BC)`. */
export function dateText(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  if (days === -INFINITE_DAYS) return '-infinity';
  // a Date reaches 275,760 years, DuckDB millions: whole 400-year cycles are counted apart
  const cycles = Math.floor(days / DAYS_OF_400_YEARS);
  const date = new Date((days - cycles * DAYS_OF_400_YEARS) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const shown = year > 0 ? year : 1 - year;
  const text = `${String(shown).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return year > 0 ? text : `${text} (BC)`;
}

/** `micros` since midnight. */
export function timeText(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const fraction = Number(micros % 1_000_000n);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return fraction === 0 ? clock : `${clock}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}

/** `micros` since 1970-01-01 00:00:00; `zone` is put behind the time (`+00` for a timestamp with time zone). */
export function timestampText(micros: bigint, zone = ''): string {
  if (micros === INFINITE_MICROS) return 'infinity';
  if (micros === -INFINITE_MICROS) return '-infinity';
  let days = micros / MICROS_OF_DAY;
  let rest = micros % MICROS_OF_DAY;
  if (rest < 0n) {
    days -= 1n;
    rest += MICROS_OF_DAY;
  }
  return `${dateText(Number(days))} ${timeText(rest)}${zone}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
