/** Figures as people read them. English words and digits in every locale: the page looks the same everywhere. */

const WHOLE = new Intl.NumberFormat('en');

export function count(n: number): string {
  return WHOLE.format(n);
}

/** At most five letters, for cards; empty where it is not known. */
export function short(n: number): string {
  if (n < 0) return '';
  if (n < 1e4) return WHOLE.format(n);
  if (n < 1e6) return `${Math.round(n / 1e3)}k`;
  if (n < 1e9) return `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)}M`;
  return `${(n / 1e9).toFixed(1)}B`;
}

/** Of milliseconds; empty where it is not known. */
export function duration(ms: number): string {
  if (ms < 0) return '';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `3 days`, of seconds. */
export function age(seconds: number): string {
  const [value, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [seconds / 60, 'minute']
        : seconds < 48 * 3600
          ? [seconds / 3600, 'hour']
          : [seconds / 86_400, 'day'];
  return plural(Math.round(value), unit);
}

/** `2026-11-29 03:12 UTC`: the page is read far from where it was made. */
export function moment(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function plural(n: number, word: string, words = `${word}s`): string {
  return `${count(n)} ${n === 1 ? word : words}`;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  // 99.6 % is not all of it
  const share = (100 * part) / whole;
  return `${share > 99 && part < whole ? 99 : Math.round(share)}%`;
}

export function bytes(n: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? count(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Cut in the middle: beginning and end of a name tell more than its middle. */
export function middle(text: string, letters: number): string {
  if (text.length <= letters) return text;
  const tail = Math.floor(letters * 0.4);
  return `${text.slice(0, letters - tail - 1)}…${text.slice(text.length - tail)}`;
}
