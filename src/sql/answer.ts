/** Answers one question, in the worker. Nothing is remembered between questions. */
import type { LineageQuery, QueryLineage, SqlDialect, SqlFailure, SqlToken } from './contract.ts';
import { forDuckDb } from './for-duckdb.ts';
import { expressionPlace, type Place } from './lineage/expression-place.ts';
import { lineageOf } from './lineage/lineage-of.ts';
import { parseLeniently } from './parse-leniently.ts';
import { characterOffsets, tokensOf } from './polyglot.ts';

export type Question =
  | { kind: 'lineage'; query: LineageQuery }
  | { kind: 'tokens'; sql: string; dialect: SqlDialect }
  | { kind: 'split'; sql: string; dialect: SqlDialect }
  /** Loads the library and answers nothing. */
  | { kind: 'ready' };

export type Answer = QueryLineage | SqlToken[] | string[] | SqlFailure;

/** Throws where the library itself breaks. */
export function answer(question: Question): Answer {
  switch (question.kind) {
    case 'ready':
      return [];
    case 'tokens':
      return tokensOf(question.sql, question.dialect);
    case 'split':
      return split(question.sql, question.dialect);
    case 'lineage':
      return lineage(question.query);
  }
}

function lineage(query: LineageQuery): QueryLineage | SqlFailure {
  const parsed = parseLeniently(query.sql, query.dialect);
  if ('failure' in parsed) return parsed;
  const { statements } = parsed;
  if (statements.length !== 1) {
    return {
      failure: statements.length === 0 ? 'the text holds no statement' : 'the text holds several statements',
    };
  }
  const statement = statements[0]!;
  const places = query.places && parsed.sql === query.sql ? placesIn(query) : undefined;
  const found = lineageOf(statement, query, places);
  const inDuckDb = query.inDuckDb ? forDuckDb(statement) : undefined;
  return inDuckDb === undefined ? found : { ...found, inDuckDb };
}

function placesIn({ sql, dialect }: LineageQuery): ((item: unknown) => Place | undefined) | undefined {
  const tokens = tokensOf(sql, dialect);
  if ('failure' in tokens) return undefined;
  const at = characterOffsets(sql);
  return (item) => expressionPlace(item, tokens, at);
}

function split(sql: string, dialect: SqlDialect): string[] | SqlFailure {
  const tokens = tokensOf(sql, dialect);
  if ('failure' in tokens) return tokens;
  const parts: string[] = [];
  let start = 0;
  let empty = true;
  for (const token of tokens) {
    if (token.kind !== 'SEMICOLON') {
      empty = false;
      continue;
    }
    if (!empty) parts.push(sql.slice(start, token.start).trim());
    start = token.end;
    empty = true;
  }
  if (!empty) parts.push(sql.slice(start).trim());
  return parts;
}
