/** Arguments of macros: those of the text, and dbt's checks of those that a property file describes. */
import type { Block } from '../template/index.ts';

/** Names of the arguments in a block's start tag, read off its text: a project has hundreds of macros. */
export function argumentNames(block: Block): string[] {
  // dbt gives every materialization this one, whatever its tag says
  if (block.type.startsWith('materiali')) return ['supported_languages'];
  const open = block.fullText.indexOf('(');
  const end = block.fullText.indexOf('%}');
  if (open === -1 || open > end) return [];
  return topLevelParts(block.fullText, open + 1).flatMap((part) => {
    const name = /^\s*([A-Za-z_]\w*)/.exec(part);
    return name ? [name[1] as string] : [];
  });
}

/** Text between a parenthesis and its partner, cut at the commas that stand in no inner bracket and no string. */
function topLevelParts(text: string, start: number): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "'" || char === '"') {
      const close = text.indexOf(char, at + 1);
      if (close === -1) break;
      at = close;
    } else if ('([{'.includes(char)) depth += 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    } else if (')]}'.includes(char)) {
      if (depth === 0) return [...parts, text.slice(from, at)];
      depth -= 1;
    }
  }
  return parts;
}

/** dbt's warnings (InvalidMacroAnnotation) about described arguments that the macro does not have, and odd types. */
export function annotationProblems(
  macro: string,
  written: readonly string[],
  described: readonly { name: string; type: string | null }[],
): string[] {
  if (described.length === 0) return [];
  const problems = described
    .filter(({ name }, i) => i < written.length && name !== written[i])
    .map(({ name }) => `Argument ${name} in yaml for macro ${macro} does not match the jinja definition.`);
  if (described.length !== written.length) {
    problems.push(
      `The number of arguments in the yaml for macro ${macro} does not match the jinja definition.`,
    );
  }
  for (const { name, type } of described) {
    if (type !== null && type.trim() !== '' && !isType(type))
      problems.push(`Argument ${name} in the yaml for macro ${macro} has an invalid type.`);
  }
  return problems;
}

/** dbt's type names, with how many types each takes in brackets. */
const TYPES: Readonly<Record<string, number>> = {
  str: 0,
  string: 0,
  bool: 0,
  int: 0,
  integer: 0,
  float: 0,
  any: 0,
  relation: 0,
  column: 0,
  list: 1,
  optional: 1,
  dict: 2,
};

function isType(text: string): boolean {
  return afterType(text.replace(/[ \t]/g, '')) === '';
}

/** What follows a type, or undefined where there is none. */
function afterType(text: string): string | undefined {
  const name = /^[a-z]+/.exec(text)?.[0];
  const takes = name === undefined ? undefined : TYPES[name];
  if (name === undefined || takes === undefined) return undefined;
  let rest: string | undefined = text.slice(name.length);
  if (takes === 0) return rest;
  for (let i = 0; i < takes; i++) {
    if (!rest?.startsWith(i === 0 ? '[' : ',')) return undefined;
    rest = afterType(rest.slice(1));
  }
  return rest?.startsWith(']') ? rest.slice(1) : undefined;
}
