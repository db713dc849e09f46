/** DATEFORMAT and TIMEFORMAT of COPY in the letters of strptime. */

/** Longest first: `MONTH` before `MON` before `MM`. */
const LETTERS: [RegExp, string][] = [
  [/^YYYY/i, '%Y'],
  [/^YY/i, '%y'],
  [/^MONTH/i, '%B'],
  [/^MON/i, '%b'],
  [/^MM/, '%m'],
  [/^MI/i, '%M'],
  [/^MS/, '%g'],
  [/^US/, '%f'],
  [/^DDD/i, '%j'],
  [/^DD/i, '%d'],
  [/^DAY/i, '%A'],
  [/^DY/i, '%a'],
  [/^HH24/i, '%H'],
  [/^HH12/i, '%I'],
  [/^SS/i, '%S'],
  [/^(AM|PM|A\.M\.|P\.M\.)/i, '%p'],
  [/^(OF|TZ)/, '%z'],
];

/** `DD.MM.YYYY HH:MI:SS` -> `%d.%m.%Y %H:%M:%S`. What is no letter of COPY stands for itself. */
export function strptimeFormat(format: string): string {
  const half = /\b(AM|PM)\b/i.test(format);
  let out = '';
  let rest = format;
  while (rest !== '') {
    const quoted = /^"([^"]*)"/.exec(rest);
    const letter = quoted ? undefined : LETTERS.find(([pattern]) => pattern.test(rest));
    if (quoted) {
      out += (quoted[1] ?? '').replaceAll('%', '%%');
      rest = rest.slice(quoted[0].length);
    } else if (letter) {
      out += letter[1];
      rest = rest.slice((letter[0].exec(rest) as RegExpExecArray)[0].length);
    } else if (/^HH/i.test(rest)) {
      out += half ? '%I' : '%H';
      rest = rest.slice(2);
    } else {
      out += rest[0] === '%' ? '%%' : rest[0];
      rest = rest.slice(1);
    }
  }
  return out;
}

/** What `auto` tries after ISO, in order (COPY's list of recognised date formats). */
export const AUTO_DATES = [
  '%b %d %Y',
  '%Y%m%d',
  '%m-%d-%Y',
  '%m/%d/%Y',
  '%m.%d.%Y',
  '%B %d, %Y',
  '%b %d, %Y',
  '%d-%b-%Y',
  '%d %b %Y',
  '%Y-%b-%d',
  '%Y.%j',
  '%y%m%d',
];

const AUTO_TIMES = ['%H:%M:%S', '%H:%M:%S.%f', '%H:%M', '%I:%M:%S %p', '%I:%M %p', '%H%M%S'];

/** The same with a time of day after a blank or a T, and without one. */
export function autoTimestamps(): string[] {
  return AUTO_DATES.flatMap((date) => [
    date,
    ...AUTO_TIMES.flatMap((time) => [`${date} ${time}`, `${date}T${time}`]),
  ]);
}
