import { formatLocation, type MacroFrame, nearest, SqError } from '../../errors.ts';
import { BUILT_IN_PATH } from '../contract.ts';
import { SyntaxFailure } from '../syntax/syntax-failure.ts';
import { ArgumentFailure, Failure } from '../values/failure.ts';
import type { Frame } from './frame.ts';
import { ReturnSignal } from './return-signal.ts';
import type { TemplateSource } from './source.ts';

/** dbt's sentence after every use of something undefined. */
const UNDEFINED_ADVICE =
  'This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".';

/**
 * An error thrown while `frame` ran, as an SqError with place, excerpt and the chain of macros. An SqError that
 * already has a place keeps it, and signals that are no errors pass through.
 */
export function locateError(thrown: unknown, frame: Frame): unknown {
  if (thrown instanceof ReturnSignal) return thrown;
  const chain = chainOf(frame);
  if (thrown instanceof SqError) {
    if (thrown.at !== undefined && (thrown.chain.length > 0 || chain.length === 0)) return thrown;
    return relocated(thrown, frame, chain);
  }
  const place = authorFrame(frame);
  return new SqError({
    kind: 'Compilation',
    code: codeOf(thrown),
    message: messageOf(thrown),
    at: place.location,
    excerpt: place.code.source.excerpt(place.position),
    chain,
    hint: hintOf(thrown, frame),
    cause: thrown,
  });
}

/** A template that cannot be read, as an SqError. */
export function syntaxError(thrown: unknown, source: TemplateSource): unknown {
  if (!(thrown instanceof SyntaxFailure)) return thrown;
  return new SqError({
    kind: 'Compilation',
    code: 'template-syntax',
    message: thrown.message,
    at: source.locate(thrown.pos),
    excerpt: source.excerpt(thrown.pos),
    hint: thrown.opened && notClosed(thrown.opened, thrown.pos, source),
    cause: thrown,
  });
}

/** Within one line something else is wrong. */
function notClosed(
  { tag, pos }: { tag: string; pos: number },
  stopped: number,
  source: TemplateSource,
): string | undefined {
  const at = source.locate(pos);
  if (at.line === source.locate(stopped).line) return undefined;
  return `the \`${tag}\` at ${formatLocation(at)} is not closed`;
}

function relocated(error: SqError, frame: Frame, chain: MacroFrame[]): SqError {
  const place = authorFrame(frame);
  const located = new SqError({
    kind: error.kind,
    code: error.code,
    message: error.message,
    at: error.at ?? place.location,
    node: error.node,
    chain: error.chain.length > 0 ? error.chain : chain,
    excerpt:
      error.excerpt ?? (error.at === undefined ? place.code.source.excerpt(place.position) : undefined),
    hint: error.hint,
    cause: error.cause,
  });
  if (error.stack !== undefined) located.stack = error.stack;
  return located;
}

/** The innermost frame of a file of the author: a macro of sq's own is not what is wrong, but how it was called. */
function authorFrame(frame: Frame): Frame {
  let at: Frame | undefined = frame;
  while (at?.code.source.path.startsWith(BUILT_IN_PATH)) at = at.parent;
  return at ?? frame;
}

/** The macros that run, innermost first, each at its own place; last the template, if a macro was called. */
function chainOf(frame: Frame): MacroFrame[] {
  const chain: MacroFrame[] = [];
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
    if (at.macroName !== undefined) chain.push({ name: at.macroName, at: at.location });
    else if (at.parent === undefined && chain.length > 0) {
      chain.push({ name: null, at: at.location });
    }
  }
  return chain;
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Failure) {
    return thrown.type === 'UndefinedError' ? `${thrown.message}. ${UNDEFINED_ADVICE}` : thrown.message;
  }
  if (isStackOverflow(thrown)) return 'maximum recursion depth exceeded';
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Failure)) return isStackOverflow(thrown) ? 'template-recursion' : 'template-host';
  if (thrown instanceof ArgumentFailure) return 'template-arguments';
  switch (thrown.type) {
    case 'UndefinedError':
      return 'template-undefined';
    case 'RecursionError':
      return 'template-recursion';
    default:
      return 'template-value';
  }
}

function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && /call stack/i.test(thrown.message);
}

function hintOf(thrown: unknown, frame: Frame): string | undefined {
  if (!(thrown instanceof Failure)) return undefined;
  if (thrown.missingName === undefined) return thrown.hint;
  const { options, env } = frame.state;
  const candidates = [...(options.names?.() ?? []), ...Object.keys(env.globals)];
  const near = nearest(thrown.missingName, candidates);
  return near === undefined ? undefined : `did you mean '${near}'?`;
}
