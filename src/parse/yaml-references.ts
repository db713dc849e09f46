/** `ref(...)` and `source(...)` inside YAML texts: with or without braces, as dbt reads them. */
import type { RefArgs } from '../manifest/nodes.ts';
import { Kwargs, renderExpression, toJs } from '../template/index.ts';
import { refArgs, sourceArgs } from './capture.ts';
import { hasJinja, type PackageSource, type ParseSession } from './session.ts';

const CALL = /^\s*(env_var|ref|var|source|doc|metric|function)\s*\(.+\)\s*$/s;

/** True for text that dbt takes for a call although it has no braces. */
export function looksLikeCall(text: string): boolean {
  return CALL.test(text);
}

/** The text as an expression: calls without braces get them. */
export function asExpression(text: string): string {
  return looksLikeCall(text) ? `{{ ${text.trim()} }}` : text;
}

/** The shapes nearly every test has: read off instead of rendered, unless a project makes them mean something else. */
const LITERAL =
  /^(?:\{\{ get_where_subquery\()?(ref|source)\((['"])([\w.-]+)\2(?:, ?(['"])([\w.-]+)\4)?\)(?:\) \}\})?$/;
const OVERRIDABLE = ['ref', 'source'];

export interface References {
  refs: RefArgs[];
  sources: [string, string][];
  metrics: string[][];
}

/** Every ref, source and metric that rendering the text would ask for. */
export function referencesIn(text: string, pkg: PackageSource, session: ParseSession): References {
  const found: References = { refs: [], sources: [], metrics: [] };
  const { refs, sources, metrics } = found;
  const literal = LITERAL.exec(text);
  if (literal && OVERRIDABLE.every((name) => session.library.find(name, pkg.config.name) === undefined)) {
    const [, call, , first, , second] = literal as unknown as [
      string,
      string,
      string,
      string,
      string,
      string?,
    ];
    if (call === 'source' && second !== undefined) sources.push([first, second]);
    else if (call === 'ref')
      refs.push({ name: second ?? first, package: second === undefined ? null : first, version: null });
    if (refs.length + sources.length > 0) return found;
  }
  const expression = asExpression(text);
  if (!hasJinja(expression)) return found;
  const positional = (args: unknown[]) => args.filter((arg) => !(arg instanceof Kwargs)).map(toJs);
  const lookup = (name: string): unknown => {
    switch (name) {
      case 'ref':
        return (...args: unknown[]) => {
          const last = args.at(-1);
          refs.push(refArgs(positional(args), last instanceof Kwargs ? last.values : {}));
          return '';
        };
      case 'source':
        return (...args: unknown[]) => {
          sources.push(sourceArgs(positional(args)));
          return '';
        };
      case 'metric':
        return (...args: unknown[]) => {
          metrics.push(positional(args).map(String));
          return '';
        };
      case 'get_where_subquery':
        return (relation: unknown) => relation;
      case 'var':
        return session.base.var(pkg.config.name, 'property file');
      default:
        return session.base.get(name);
    }
  };
  renderExpression(expression, { lookup, undefinedMode: 'capture' });
  return found;
}
