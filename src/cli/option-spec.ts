/** One option, as data: names, kinds, environment variables and help are dbt's. */

export type OptionKind =
  /** `--x` */
  | 'flag'
  /** `--x` and `--no-x` */
  | 'switch'
  | 'text'
  | 'integer'
  /** Several values after one flag, repeatable. */
  | 'many'
  /** A mapping in YAML or JSON. */
  | 'yaml';

export interface OptionSpec {
  /** dbt's name, `full_refresh`; the option is `--full-refresh`. */
  name: string;
  kind: OptionKind;
  short?: string;
  /** Other spellings with their dashes. */
  aliases?: readonly string[];
  choices?: readonly string[];
  /** What stands for the value in help. */
  value?: string;
  help: string;
  group: OptionGroup;
  /** Commands that take it; absent: all. */
  on?: readonly string[];
  /** Not in help: it has no meaning here or is rarely wanted. */
  hidden?: boolean;
  /** Where neither the command line nor the environment says anything; others are in `defaultFlags`. */
  usual?: number;
  /** False: no environment variable (dbt has none either). */
  env?: false;
}

export type OptionGroup = 'Selecting' | 'Doing' | 'Project and connection' | 'Showing' | 'Logging';

/** `--full-refresh`. */
export function longName(spec: OptionSpec): string {
  return `--${spec.name.replaceAll('_', '-')}`;
}
