/** `CET`, `EDT`: each is known in the English of some country only. */
const LOCALES = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA'];

/** How people there call their time at a moment (microseconds since the epoch); `+0530` where no name is known. */
export function zoneAbbreviation(timeZone: string, offsetText: string): (micros: bigint) => string {
  let formatters: Intl.DateTimeFormat[] | undefined;
  return (micros) => {
    formatters ??= LOCALES.map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }),
    );
    const date = new Date(Number(micros / 1000n));
    for (const formatter of formatters) {
      const name = formatter.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value;
      if (name !== undefined && !/[\d:]/.test(name)) return name;
    }
    return offsetText;
  };
}
