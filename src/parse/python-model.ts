/**
 * A Python model, kept in the graph though sq does not run it: its `dbt.ref`, `dbt.source`, `dbt.config` and
 * `dbt.config.get` calls with literal arguments are its parents and its config, as in dbt.
 */
import { SqError } from '../errors.ts';
import type { SourceSpan } from '../template/index.ts';
import { type Captured, refArgs, sourceArgs } from './capture.ts';
import { mergeCalls } from './config/merge.ts';
import type { WrittenLayer } from './nodes/config.ts';

const CALL = /\bdbt\.(ref|source|config\.get|config\.meta_get|config)\s*\(/g;

/** Throws kind Parsing for an argument that is no literal: its value is known only when the model runs. */
export function capturePython(text: string, span: SourceSpan): Captured {
  const code = blanked(text);
  const config: Record<string, unknown> = {};
  const captured: Captured = {
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    config: { values: config, written: config },
    macros: [],
  };
  const used = { config: [] as unknown[][], meta: [] as unknown[][] };
  for (const match of code.matchAll(CALL)) {
    const { args, kwargs } = new Literals(text, match.index + match[0].length, span).arguments();
    if (match[1] === 'ref') captured.refs.push(refArgs(args, kwargs));
    else if (match[1] === 'source') captured.sources.push(sourceArgs(args));
    else if (match[1] === 'config') mergeCalls(config, kwargs);
    else used[match[1] === 'config.get' ? 'config' : 'meta'].push([args[0], args[1] ?? null]);
  }
  if (used.config.length + used.meta.length > 0) {
    for (const key of ['config', 'meta'] as const) {
      config[`${key}_keys_used`] = used[key].map(([name]) => name);
      config[`${key}_keys_defaults`] = used[key].map(([, fallback]) => fallback);
    }
  }
  return captured;
}

/** dbt's default for Python models stands over the folders and under everything else. */
export function pythonPatch(patch: WrittenLayer | undefined): WrittenLayer {
  const table = { materialized: 'table' };
  return { values: { ...table, ...patch?.values }, written: { ...table, ...patch?.written } };
}

/** The same text with comments and strings as blanks, so that calls are looked for in code only. */
function blanked(text: string): string {
  return text.replace(
    /#[^\n]*|'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    (part) => part.replace(/[^\n]/g, ' '),
  );
}

/** Python literals: texts, numbers, True, False, None, lists, tuples, dicts. */
class Literals {
  constructor(
    private readonly text: string,
    private at: number,
    private readonly span: SourceSpan,
  ) {}

  /** Up to the closing parenthesis. */
  arguments(): { args: unknown[]; kwargs: Record<string, unknown> } {
    const args: unknown[] = [];
    const kwargs: Record<string, unknown> = {};
    this.list(')', () => {
      const keyword = this.take(/([A-Za-z_]\w*)\s*=(?!=)/y);
      if (keyword) kwargs[keyword[1]!] = this.value();
      else args.push(this.value());
    });
    return { args, kwargs };
  }

  private value(): unknown {
    const text = this.take(/[rRuU]?(?:'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)")/y);
    if (text) return (text[1] ?? text[2] ?? '').replace(/\\(.)/g, '$1');
    const number = this.take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number) return Number(number[0]);
    const word = this.take(/True|False|None/y);
    if (word) return word[0] === 'None' ? null : word[0] === 'True';
    if (this.take(/\[/y)) return this.items(']');
    if (this.take(/\(/y)) return this.items(')');
    if (this.take(/\{/y)) {
      const dict: Record<string, unknown> = {};
      this.list('}', () => {
        const key = String(this.value());
        if (!this.take(/:/y)) throw this.notLiteral();
        dict[key] = this.value();
      });
      return dict;
    }
    throw this.notLiteral();
  }

  private items(end: string): unknown[] {
    const items: unknown[] = [];
    this.list(end, () => items.push(this.value()));
    return items;
  }

  private list(end: string, item: () => void): void {
    while (!this.closes(end)) {
      item();
      if (!this.take(/,/y) && !this.closes(end)) throw this.notLiteral();
      else if (this.text[this.at - 1] === end) return;
    }
  }

  private closes(end: string): boolean {
    return this.take(end === ')' ? /\)/y : end === ']' ? /\]/y : /\}/y) !== null;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const blanks = /(?:\s|#[^\n]*|\\\n)*/y;
    blanks.lastIndex = this.at;
    blanks.exec(this.text);
    pattern.lastIndex = Math.max(blanks.lastIndex, this.at);
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private notLiteral(): SqError {
    const before = this.text.slice(0, this.at).split('\n');
    return new SqError({
      kind: 'Parsing',
      code: 'python-literal',
      message:
        'Error when trying to literal_eval an arg to dbt.ref(), dbt.source(), dbt.config() or dbt.config.get()',
      at: {
        path: this.span.path,
        line: this.span.line + before.length - 1,
        column: before.at(-1)!.length + 1,
      },
      hint: 'write the value itself: names and calls have no value before the model runs',
    });
  }
}
