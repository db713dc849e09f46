/** Variables of the command line (`--vars`, `--args`) and of `vars.yml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqError } from '../errors.ts';
import type { YamlDocument } from './contract.ts';
import { isMapping, pythonTypeName } from './values.ts';
import { parseYaml } from './yaml/document.ts';

/**
 * The mapping in the value of `--vars` or `--args`: YAML or JSON. Throws kind Compilation, code
 * `option-not-mapping`, for anything else (dbt: OptionNotYamlDictError), kind Runtime for a text that is no YAML.
 */
export function parseYamlOption(text: string, option: 'vars' | 'args'): Record<string, unknown> {
  const { value } = parseYaml(text, `--${option}`);
  if (isMapping(value)) return value;
  // Cosmos sends a line break where there are no variables
  if (value === null && text.trim() === '' && text !== '') return {};
  throw new SqError({
    kind: 'Compilation',
    code: 'option-not-mapping',
    message: `The --${option} argument must be a YAML dictionary, but was of type '${pythonTypeName(value)}'`,
    hint:
      typeof value === 'string' && /^[\w-]+:\S/.test(value)
        ? `a blank belongs behind the colon: --${option} '${value.replace(':', ': ')}'`
        : `write --${option} '{name: value}'`,
  });
}

/** `vars.yml` in the project's folder, or undefined. Throws as `parseYaml`, and when it holds no mapping `vars`. */
export function readVarsFile(
  root: string,
): { vars: Record<string, unknown>; document: YamlDocument } | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, 'vars.yml'), 'utf8');
  } catch {
    return undefined;
  }
  const document = parseYaml(text, 'vars.yml');
  const vars = isMapping(document.value)
    ? (document.value.vars ?? {})
    : document.value === null
      ? {}
      : undefined;
  if (isMapping(vars)) return { vars, document };
  throw new SqError({
    kind: 'Runtime',
    code: 'invalid-vars-file',
    message: `vars.yml must hold a mapping 'vars', found ${pythonTypeName(vars ?? document.value)}`,
    at: document.locate(vars === undefined ? [] : ['vars']),
  });
}
