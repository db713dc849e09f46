import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkCase, type OracleCase, readCases } from './oracle-cases.ts';

/** A table in src/template/fixtures: jinja.jsonl is the shared oracle, own.jsonl has our own cases, all answered by Jinja2 3.1.6. */
function table(name: string) {
  return readCases(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'));
}

describe.each(['jinja.jsonl', 'own.jsonl'])('%s: sync, async and fast path agree with Jinja2', (name) => {
  const groups = new Map<string, OracleCase[]>();
  for (const one of table(name)) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);

  it.each([...groups])('%s', async (_, cases) => {
    const failures: string[] = [];
    for (const one of cases) {
      const failure = await checkCase(one);
      if (failure !== undefined) failures.push(`${JSON.stringify(one.src)}: ${failure}`);
    }
    expect(failures).toEqual([]);
  });
});
