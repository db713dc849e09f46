/** A question to the person at the terminal. */
import type { Readable, Writable } from 'node:stream';

/** True for y and yes; false for everything else, Ctrl-C and the end of the input too. */
export async function yesOrNo(
  question: string,
  { input, output }: { input: Readable; output: Writable },
): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input, output, terminal: true });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  // Ctrl-C rejects, Ctrl-D never answers
  const answer = await Promise.race([lines.question(`${question} [y/N] `).catch(() => ''), ended]);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
