#!/usr/bin/env node
/** The command `sq`. Nothing but the version is loaded until it is known that more is wanted. */
import { writeSync } from 'node:fs';
import { COMPATIBLE_VERSION, SQ_VERSION } from '../version.ts';

const args = process.argv.slice(2);

if (asksVersion(args)) {
  // callers choose their dialect by the first number (orchestrators.md §3)
  writeSync(1, `dbt ${COMPATIBLE_VERSION} (compatible)\nsq ${SQ_VERSION}\n`);
} else {
  const { runProgram, printed } = await import('./run-program.ts');
  const code = await runProgram(args);
  await printed();
  process.exit(code);
}

function asksVersion(words: readonly string[]): boolean {
  for (const word of words) {
    if (word === '--version' || word === '-V' || word === '-v') return true;
    if (!word.startsWith('-')) return false;
  }
  return false;
}
