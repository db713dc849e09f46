/**
 * The part of a parent that a model reads: no rows (`--empty`), the rows of a batch or of the sample. A subquery
 * stands for the parent then. Some engines want a name for it, and `orders.id` needs one everywhere; the author
 * may have given one. Which it is can be told when the text around it is there.
 */
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import { momentText, type TimeWindow } from './event-time.ts';

export interface Limits {
  empty: boolean;
  window: TimeWindow | undefined;
  /** The parent's column of the time; without one it is read whole. */
  field: string | undefined;
}

const MARK = /\/\*sq-name (.*?)\*\//g;

/** Words that may follow a table and are no name for it. */
const NO_NAME =
  /^(as|where|join|left|right|inner|full|cross|natural|on|using|group|order|limit|union|intersect|except|minus|having|window|offset|fetch|for|qualify|tablesample|lateral|asof|anti|semi|positional|pivot|unpivot|returning|set|when|then|else|end|and|or)$/i;

/** Undefined when all of the parent is read. `name`: what the parent is called, quoted. */
export function limitedParent(text: string, name: string, limits: Limits): string | undefined {
  const { empty, window, field } = limits;
  let limited = text;
  if (empty) limited = `(select * from ${limited} where false limit 0)`;
  if (window !== undefined && field !== undefined) {
    const from = empty ? `${limited} ${markOf(name)}` : limited;
    limited = `(select * from ${from} where ${field} >= '${momentText(window.start)}' and ${field} < '${momentText(window.end)}')`;
  }
  return limited === text ? undefined : `${limited} ${markOf(name)}`;
}

/** Gives the parent's name to each subquery that the author has not named. */
export function nameSubqueries(sql: string): string {
  if (!sql.includes('/*sq-name ')) return sql;
  return sql.replace(MARK, (mark, name: string, at: number) => {
    const after = sql.slice(at + mark.length).replace(/^(\s|--[^\n]*\n|\/\*(?!sq-name )[\s\S]*?\*\/)+/, '');
    const word = /^(?:"[^"]*"|[a-z_]\w*)/i.exec(after)?.[0];
    const named = word !== undefined && (/^as$/i.test(word) || !NO_NAME.test(word));
    return named ? '' : `as ${name}`;
  });
}

/** The column that tells when a row of this parent happened. */
export function eventTimeField(parent: GraphNode): string | undefined {
  const { event_time: field } = parent.config as { event_time?: unknown };
  if (typeof field !== 'string' || field === '') return undefined;
  const column = Object.values((parent as CompiledNode).columns ?? {}).find(({ name }) => name === field);
  const inSource = (parent as { quoting?: { column?: boolean } }).quoting?.column;
  return (column?.quote ?? inSource) === true ? `"${field}"` : field;
}

function markOf(name: string): string {
  return `/*sq-name ${name}*/`;
}
