/** `flags.X` in templates: dbt's upper-case names. */
import type { Flags } from '../invocation.ts';
import { fromJs } from '../template/index.ts';
import { Namespace } from './host.ts';

export function flagsNamespace(flags: Flags): Namespace {
  const own: Record<string, unknown> = { ...flags, ...flags.other };
  return new Namespace('flags', (name) => {
    const camel = name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const snake = name.toLowerCase();
    const value = Object.hasOwn(own, camel) ? own[camel] : Object.hasOwn(own, snake) ? own[snake] : undefined;
    return value === undefined ? null : fromJs(value);
  });
}
