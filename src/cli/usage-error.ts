/** A wrong command line, in click's words: nothing ran yet, the text goes to stderr, exit code 2. */
export class UsageError extends Error {
  /** The command it belongs to, `run`; absent when the command itself is wrong. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.name = 'UsageError';
    this.command = command;
  }

  /** As click prints it; the line `Error: …` is the last. */
  get text(): string {
    const name = this.command === undefined ? 'sq' : `sq ${this.command}`;
    const usage = this.command === undefined ? 'sq [OPTIONS] COMMAND [ARGS]...' : `${name} [OPTIONS]`;
    return `Usage: ${usage}\nTry '${name} --help' for help.\n\nError: ${this.message}\n`;
  }
}
