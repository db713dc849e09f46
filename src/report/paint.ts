/** The colours of dbt's console, or none. */
export interface Paint {
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

const same = (text: string) => text;

export const plainPaint: Paint = { green: same, yellow: same, red: same, dim: same, bold: same };

/**
 * Colours by chalk, whatever the output is: whether to colour at all is decided by flags (dbt colours pipes
 * too), not by looking at the terminal. Loaded on use, so that a run without colours does not pay for it.
 */
export async function colorPaint(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}

/** True when flags and environment want colours; a non-empty NO_COLOR wins over every flag (no-color.org). */
export function wantsColors(useColors: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return useColors && !env.NO_COLOR;
}
