/** Errors of property files, in dbt's words, at the author's place. */
import { SqError } from '../../errors.ts';
import { pythonRepr, type YamlDocument } from '../../load/index.ts';
import type { KeyPath, Section } from './contract.ts';

/** An entry that does not have the shape of its section (dbt: YamlParseDictError). `inner` leads into the entry. */
export function invalidEntry(
  document: YamlDocument,
  section: Section,
  raw: unknown,
  keys: KeyPath,
  inner: KeyPath,
  reason: string,
  hint?: string,
): SqError {
  const path = `at path [${inner.map((key) => pythonRepr(key)).join('][')}]: `;
  return new SqError({
    kind: 'Parsing',
    code: 'invalid-properties',
    message: `Invalid ${section} config given in ${document.path} @ ${section}: ${pythonRepr(raw)} - ${path}${reason}`,
    at: document.locate([...keys, ...inner]),
    hint,
  });
}

/** Any other error of kind Parsing at the value at `keys`. */
export function parsingError(
  document: YamlDocument,
  keys: KeyPath,
  code: string,
  message: string,
  hint?: string,
): SqError {
  return new SqError({ kind: 'Parsing', code, message, at: document.locate(keys), hint });
}

/** Two entries of property files for one resource. `second` is the one that was met later. */
export function duplicatePatch(
  kind: 'resource' | 'macro' | 'source',
  name: string,
  packageName: string,
  first: string,
  second: { path: string; line: number; column: number },
): SqError {
  const things = kind === 'resource' ? 'resource' : `${kind}s`;
  const fix =
    first === second.path
      ? `remove one of the ${things} entries for ${kind === 'source' ? `${packageName}.${name}` : name} in this file:\n - ${second.path}\n`
      : `remove the ${things} entry for ${kind === 'source' ? `${packageName}.${name}` : name} in one of these files:\n - ${second.path}\n${first}`;
  const message = {
    resource: `dbt found two schema.yml entries for the same resource named ${name}. Resources and their associated columns may only be described a single time. To fix this, ${fix}`,
    macro: `dbt found two schema.yml entries for the same macro in package ${packageName} named ${name}. Macros may only be described a single time. To fix this, ${fix}`,
    source: `dbt found two schema.yml entries for the same source named ${name} in package ${packageName}. Sources may only be overridden a single time. To fix this, ${fix}`,
  }[kind];
  return new SqError({ kind: 'Compilation', code: 'duplicate-patch', message, at: second });
}
