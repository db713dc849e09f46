import { nearest } from '../../errors.ts';
import { MACRO_FLAGS } from '../codegen/macro-flags.ts';
import { Dict } from '../values/dict.ts';
import { ArgumentFailure, fail } from '../values/failure.ts';
import { Kwargs } from '../values/kwargs.ts';
import { labelled } from '../values/labels.ts';
import { repr } from '../values/text.ts';
import { tuple, tupleOf } from '../values/tuple.ts';
import { Frame } from './frame.ts';
import { locateError } from './locate-error.ts';
import { ReturnSignal } from './return-signal.ts';

/** The generated function of a macro: frame, parameters, then caller, kwargs and varargs as the flags say. */
export type MacroBody = (frame: Frame, ...args: unknown[]) => unknown;

/**
 * A macro as a callable value; without a name, the body of a call block. A named macro catches `return()`; the
 * body of a call block lets it pass to the macro that called it, as in dbt.
 */
export function makeMacro(
  owner: Frame,
  name: string | undefined,
  parameters: readonly string[],
  flags: number,
  body: MacroBody,
): (...args: unknown[]) => unknown {
  const { state, code, isAsync } = owner;
  const shape: MacroShape = { name: name ?? 'caller', parameters, flags, owner };
  const enter = () => new Frame(state, code, name, state.current, undefined, isAsync);

  /** A wrong argument is the caller's mistake: the error points at the call, where a template made it. */
  const bind = (args: unknown[]): unknown[] => {
    try {
      return bindMacro(shape, args);
    } catch (thrown) {
      throw state.current === undefined ? locateError(thrown, enter()) : thrown;
    }
  };

  const callSync = (...args: unknown[]): unknown => {
    const bound = bind(args);
    const frame = enter();
    try {
      state.checkDepth(frame.depth);
      return body(frame, ...bound);
    } catch (thrown) {
      return settle(thrown, frame);
    } finally {
      state.current = frame.parent;
    }
  };

  const callAsync = async (...args: unknown[]): Promise<unknown> => {
    const bound = bind(args);
    const frame = enter();
    try {
      state.checkDepth(frame.depth);
      const running = body(frame, ...bound);
      // the caller goes on meanwhile: what it calls next is not called by this macro
      state.current = frame.parent;
      return await running;
    } catch (thrown) {
      return settle(thrown, frame);
    } finally {
      state.current = frame.parent;
    }
  };

  const macro = labelled(isAsync ? callAsync : callSync, {
    text: `<Macro ${name === undefined ? 'anonymous' : repr(name)}>`,
    type: 'Macro',
    attributes: {
      name: name ?? null,
      // rarely asked for, and every render binds its macros anew
      get arguments() {
        return tuple(...parameters);
      },
      caller: (flags & MACRO_FLAGS.caller) !== 0,
      catch_kwargs: (flags & MACRO_FLAGS.kwargs) !== 0,
      catch_varargs: (flags & MACRO_FLAGS.varargs) !== 0,
    },
  });
  if (name !== undefined && flags & MACRO_FLAGS.exported) owner.exports?.set(name, macro);
  return macro;
}

function settle(thrown: unknown, frame: Frame): unknown {
  if (thrown instanceof ReturnSignal && frame.macroName !== undefined) return thrown.value;
  throw locateError(thrown, frame);
}

interface MacroShape {
  name: string;
  parameters: readonly string[];
  flags: number;
  owner: Frame;
}

/** Arguments in the order the generated function takes them. Raises Jinja's TypeErrors. */
function bindMacro(shape: MacroShape, args: unknown[]): unknown[] {
  const { parameters, flags } = shape;
  const last = args.length > 0 ? args[args.length - 1] : undefined;
  if (!(last instanceof Kwargs) && (flags & ~MACRO_FLAGS.exported) === 0) {
    if (args.length > parameters.length) tooMany(shape);
    return args;
  }
  const keywords: Record<string, unknown> = Object.create(null);
  let given = args;
  if (last instanceof Kwargs) {
    Object.assign(keywords, last.values);
    given = args.slice(0, -1);
  }
  const values = given.slice(0, parameters.length);
  for (let i = values.length; i < parameters.length; i++) {
    const name = parameters[i]!;
    values.push(keywords[name]);
    delete keywords[name];
  }
  if (flags & MACRO_FLAGS.caller) {
    values.push(keywords.caller ?? shape.owner.state.env.missing('caller', { hint: 'No caller defined' }));
    delete keywords.caller;
  }
  if (flags & MACRO_FLAGS.kwargs) values.push(new Dict(Object.entries(keywords)));
  else refuseKeywords(shape, keywords);
  if (flags & MACRO_FLAGS.varargs) values.push(tupleOf(given.slice(parameters.length)));
  else if (given.length > parameters.length) tooMany(shape);
  return values;
}

function refuseKeywords(shape: MacroShape, keywords: Record<string, unknown>): void {
  const [first] = Object.keys(keywords);
  if (first === undefined) return;
  if ('caller' in keywords) {
    fail(
      'TypeError',
      `macro '${shape.name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
    );
  }
  const near = nearest(first, shape.parameters);
  throw new ArgumentFailure(
    `macro '${shape.name}' takes no keyword argument '${first}'`,
    near === undefined ? signature(shape) : `did you mean '${near}'? ${signature(shape)}`,
  );
}

function tooMany(shape: MacroShape): never {
  throw new ArgumentFailure(
    `macro '${shape.name}' takes not more than ${shape.parameters.length} argument(s)`,
    signature(shape),
  );
}

function signature({ name, parameters }: MacroShape): string {
  return `its arguments are ${name}(${parameters.join(', ')})`;
}
