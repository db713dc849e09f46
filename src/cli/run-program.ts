/** From the command line to the exit code; the only file that touches the process. */
import { withDotenv } from '../load/dotenv.ts';
import { COMPATIBLE_VERSION, SQ_VERSION } from '../version.ts';
import { parseArguments } from './parse-arguments.ts';
import { type RunningProcess, runCommand } from './run-command.ts';
import { UsageError } from './usage-error.ts';

/** Runs sq in this process and answers the exit code: 0 success, 1 a node failed, 2 everything else. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  survivesClosedPipes();
  process.on('uncaughtException', (error) => {
    process.stderr.write(defectText(error));
    process.exit(2);
  });
  return runArguments(thisProcess(argv));
}

/**
 * Waits until everything is out. A reader that is slow leaves a pipe full, what comes then waits in this process, and
 * `process.exit` would throw it away: an orchestrator would miss the results of the last nodes.
 */
export async function printed(): Promise<void> {
  flushOutput();
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.writable) continue;
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

/** The same in any surroundings, e.g. those of a test. */
export async function runArguments(around: RunningProcess): Promise<number> {
  try {
    const parsed = parseArguments(around.argv, around.interactive);
    switch (parsed.kind) {
      case 'version':
        around.stdout(`dbt ${COMPATIBLE_VERSION} (compatible)\nsq ${SQ_VERSION}\n`);
        return 0;
      case 'help':
        (parsed.asked ? around.stdout : around.stderr)(parsed.text);
        return parsed.asked ? 0 : 2;
      case 'command':
        return await runCommand(parsed, around);
    }
  } catch (error) {
    around.stderr(error instanceof UsageError ? error.text : defectText(error));
    return 2;
  }
}

/** What is neither a wrong command line nor an error of the project: it has no reporter to go to. */
function defectText(error: unknown): string {
  return `Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

function thisProcess(argv: readonly string[]): RunningProcess {
  const cwd = process.cwd();
  return {
    argv,
    cwd,
    env: withDotenv(cwd, process.env).env,
    stdout: process.stdout.isTTY ? (text) => void process.stdout.write(text) : inOneWrite(process.stdout),
    stderr: (text) => void process.stderr.write(text),
    terminal: process.stdout.isTTY ? process.stdout : undefined,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    onInterrupt: (handle) => {
      process.on('SIGINT', handle);
      process.on('SIGTERM', handle);
    },
    kill: () => process.exit(130),
  };
}

/** `sq ls | head` ends quietly: what is left to print has no reader. */
function survivesClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Writes what was printed in this turn of the event loop; there is one stdout in a process. */
let flushOutput = () => {};

/** What is printed in one turn of the event loop leaves in one write: a thousand progress lines are a thousand system calls otherwise. */
function inOneWrite(stream: NodeJS.WriteStream): (text: string) => void {
  let pending = '';
  const flush = () => {
    if (pending === '') return;
    const text = pending;
    pending = '';
    stream.write(text);
  };
  process.on('exit', flush);
  flushOutput = flush;
  return (text) => {
    if (pending === '') setImmediate(flush);
    pending += text;
  };
}
