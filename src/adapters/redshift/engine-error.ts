/**
 * Redshift's errors as plain data. Most of them carry the code XX000, so the sentence decides (redshift.md
 * §3.6); the Data API gives a sentence and nothing else.
 */
import type { EngineError } from '../contract.ts';
import { StatementError } from '../shared/statement-error.ts';

/** What a driver knows of an error; `pg` gives all of it. */
export interface ServerError {
  message: string;
  /** SQLSTATE. */
  code?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  /** Characters from 1, as text. */
  position?: string | undefined;
}

/** SQLSTATEs of what a statement names and is not there: table, schema. */
const MISSING_CODES = new Set(['42P01', '3F000']);
const MISSING_TEXT =
  /^(?:1018: |ERROR: +)?(?:relation|schema|table|view) .{1,300} (?:does not exist|not found)\b|Relation does not exist/i;

export function readEngineError(error: unknown): EngineError {
  if (error instanceof StatementError) return error.engine;
  if (isServerError(error)) return engineError(error);
  return engineError({ message: error instanceof Error ? error.message : String(error) });
}

/** `statement` is the text that the position counts in; `offset` what was sent before it (a comment). */
export function engineError(error: ServerError, statement?: string, offset = 0): EngineError {
  const { sentence, position: told } = splitPosition(error.message);
  const position = positionOf(error.position ?? told, statement, offset);
  const detail = detailText(error.detail);
  const code = error.code ?? codeInText(sentence);
  const missing = (code !== undefined && MISSING_CODES.has(code)) || MISSING_TEXT.test(sentence);
  return {
    message: detail === undefined ? sentence : `${sentence}\n${detail}`,
    ...(code === undefined ? {} : { code }),
    ...(position === undefined ? {} : { position }),
    ...(missing ? { missing: true } : {}),
    ...(statement === undefined ? {} : { statement }),
  };
}

/** The Data API's `ERROR: syntax error at or near "x"\n  Position: 12` and `[ErrorId: …]`. */
function splitPosition(text: string): { sentence: string; position?: string } {
  const position = /\n?\s*Position: (\d+)/.exec(text)?.[1];
  const sentence = text
    .replace(/\n?\s*Position: \d+.*$/s, '')
    .replace(/\s*\[ErrorId: [^\]]*\]\s*$/, '')
    .replace(/^ERROR: +/, '')
    .trim();
  return position === undefined ? { sentence } : { sentence, position };
}

/** The server counts characters from 1 and takes a character outside the BMP as one. */
function positionOf(
  told: string | undefined,
  statement: string | undefined,
  offset: number,
): number | undefined {
  if (told === undefined) return undefined;
  const characters = Number(told) - 1 - offset;
  if (!Number.isInteger(characters) || characters < 0) return undefined;
  if (statement === undefined) return characters;
  let units = 0;
  let counted = 0;
  for (const character of statement) {
    if (counted === characters) break;
    counted += 1;
    units += character.length;
  }
  return units;
}

/**
 * Redshift's own details are a frame of dashes around `error: … code: … context: … query: …`; what a person
 * needs of it is the context.
 */
function detailText(detail: string | undefined): string | undefined {
  if (detail === undefined || detail.trim() === '') return undefined;
  if (!/-{10,}/.test(detail)) return `DETAIL: ${detail.trim()}`;
  const context = /^\s*context:\s*(.+?)\s*$/m.exec(detail)?.[1];
  const query = /^\s*query:\s*(\d+)\s*$/m.exec(detail)?.[1];
  const parts = [context, query === undefined || query === '0' ? undefined : `query ${query}`].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.length === 0 ? undefined : `DETAIL: ${parts.join(', ')}`;
}

/** `1023` of `ERROR: 1023 DETAIL: Serializable isolation violation on table …`. */
function codeInText(sentence: string): string | undefined {
  return /^(\d{4})\b/.exec(sentence)?.[1];
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'code' in error && typeof (error as { code: unknown }).code === 'string';
}
