/** The `config()` calls of one text: their values merged, and what dbt compares to find a changed config. */
import { SqError } from '../errors.ts';
import { Dict, type LiteralCall, parseTemplate, type Template, toJs } from '../template/index.ts';
import { type ConfigLayer, mergeCalls } from './config/merge.ts';
import type { WrittenLayer } from './nodes/config.ts';

export class ConfigCalls {
  readonly values: Record<string, unknown> = {};
  private called = false;

  /** Throws dbt's error for arguments that are neither one mapping nor keywords. */
  add(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): void {
    const given = configOf(args, kwargs);
    for (const key of ['pre_hook', 'post_hook']) {
      const other = key.replace('_', '-');
      if (key in given && other in given) throw conflicting(key, other);
    }
    mergeCalls(this.values, given);
    this.called = true;
  }

  /** The calls as a layer; `texts` reads the keywords of the text's first call. */
  layer(texts: () => Record<string, string> | undefined): WrittenLayer {
    return { values: this.values, written: this.written(texts) };
  }

  /** Without keywords (`config({...})`) there is no text to compare, and dbt takes the values. */
  private written(texts: () => Record<string, string> | undefined): ConfigLayer {
    if (!this.called) return {};
    const found = texts();
    return found === undefined || Object.keys(found).length === 0 ? this.values : found;
  }
}

/** The keywords of the first `config()` of a whole template. */
export function configTexts(template: Template): Record<string, string> | undefined {
  return template.keywordTexts('config');
}

/** The same of a text with literal calls only: the one tag is read, not the text around it. */
export function literalConfigTexts(
  text: string,
  calls: readonly LiteralCall[],
): Record<string, string> | undefined {
  const first = calls.find((call) => call.name === 'config');
  if (first === undefined) return undefined;
  const end = text.indexOf('}}', first.offset) + 2;
  try {
    return configTexts(parseTemplate(text.slice(first.offset, end), { path: '' }));
  } catch {
    // a string of the call holds the end of a tag
    return configTexts(parseTemplate(text, { path: '' }));
  }
}

/**
 * True for a model that dbt's static parser (dbt-extractor) reads: then dbt never sees the text of the config and
 * compares its values. It knows strings, True and False, lists and mappings of them, nothing else.
 */
export function isReadStatically(text: string, calls: readonly LiteralCall[]): boolean {
  if (text.includes('{{-') || text.includes('-}}')) return false;
  return calls.every((call) => {
    if (call.name !== 'config') return true;
    const keys = Object.keys(call.kwargs);
    if (call.args.length > 0 || keys.length === 0) return false;
    if (keys.some((key) => key.endsWith('_hook')) || !Object.values(call.kwargs).every(isStatic))
      return false;
    const written = text.slice(call.offset, text.indexOf('}}', call.offset)).replace(/'[^']*'|"[^"]*"/g, '');
    return !/\b(?:true|false)\b|,\s*\)\s*$/.test(written);
  });
}

function isStatic(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return typeof value === 'object' && value !== null && Object.values(value).every(isStatic);
}

function conflicting(key: string, other: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'config-keys',
    message: `Invalid config, has conflicting keys "${key}" and "${other}"`,
    hint: 'they mean the same: keep one of them',
  });
}

function configOf(
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const invalid = () =>
    new SqError({ kind: 'Compilation', code: 'config-args', message: 'Invalid inline model config' });
  if (args.length > 1 || (args.length === 1 && Object.keys(kwargs).length > 0)) throw invalid();
  if (args.length === 0) return plain(kwargs);
  const given = args[0] instanceof Dict ? toJs(args[0]) : args[0];
  if (typeof given !== 'object' || given === null) throw invalid();
  return plain(given as Record<string, unknown>);
}

function plain(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) out[key] = toJs(value);
  return out;
}
