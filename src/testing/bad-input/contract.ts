/** One row of the table: a tiny project, a command, and everything a person gets to read. */
export interface BadInput {
  /** What is wrong. */
  name: string;
  /** Beside a dbt_project.yml that names the project `shop`; null for an empty folder. */
  files?: Readonly<Record<string, string | Buffer>> | null;
  env?: Readonly<Record<string, string>>;
  /** The arguments; as one text where none of them holds a blank. */
  run: string | readonly string[];
  code: number;
  /** Without the lines that every run begins with, and what precedes `Completed with ...`. */
  stdout?: string;
  stderr?: string;
}
