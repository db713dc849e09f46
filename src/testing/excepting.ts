/** Tests that a subject cannot pass: each is told by name and reason, and not tried. */
import { test } from 'vitest';

export type Register = (title: string, work: () => unknown) => void;

/** `it` registers a test or, where `exceptions` name it, its reason; `left` are names that no test had. */
export function excepting(exceptions: Readonly<Record<string, string>>): {
  it: Register;
  left(): string[];
} {
  const excepted = new Set(Object.keys(exceptions));
  return {
    it(title, work) {
      if (excepted.delete(title)) test.skip(`${title}: ${exceptions[title]}`, () => {});
      else test(title, work as () => void);
    },
    left: () => [...excepted],
  };
}
