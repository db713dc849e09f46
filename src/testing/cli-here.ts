/** The command within this process: what it prints and its exit code, without the time a new process takes. */
import { runArguments } from '../cli/run-program.ts';
import { withDotenv } from '../load/dotenv.ts';
import type { SqCall } from './cli.ts';

export async function sqHere(
  argv: readonly string[],
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<SqCall> {
  const call: SqCall = { code: 0, stdout: '', stderr: '' };
  call.code = await runArguments({
    argv,
    cwd,
    env: withDotenv(cwd, env).env,
    stdout: (text) => {
      call.stdout += text;
    },
    stderr: (text) => {
      call.stderr += text;
    },
    terminal: undefined,
    interactive: false,
    onInterrupt: () => {},
    kill: () => {},
  });
  return call;
}
