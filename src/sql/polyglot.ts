/** The only importer of the parser library. It is WebAssembly: loading takes a tenth of a second and 120 MB. */
import { generate, parse, tokenize } from '@polyglot-sql/sdk';
import type { Node } from './ast.ts';
import type { SqlDialect, SqlFailure, SqlToken } from './contract.ts';

type Dialect = Parameters<typeof parse>[1];

/** The statements of a text as trees. Throws where the library itself breaks (a stack that overflows). */
export function parseStatements(sql: string, dialect: SqlDialect): Node[] | SqlFailure {
  const result = parse(sql, dialect as Dialect);
  if (!result.success && /E_GUARD_\w*DEPTH/.test(result.error)) {
    return { failure: 'it nests deeper than the SQL parser goes' };
  }
  if (!result.success) {
    const start = (result as { errorStart?: number }).errorStart;
    return {
      failure: firstLine(result.error),
      ...(start === undefined ? {} : { position: characterOffsets(sql)(start) }),
    };
  }
  return (Array.isArray(result.ast) ? result.ast : [result.ast]) as Node[];
}

/** The statement in DuckDB's words, as near as the library comes; undefined where it cannot. */
export function writtenForDuckDb(statement: Node): string | undefined {
  const result = generate([statement], 'duckdb' as Dialect);
  return result.success ? result.sql?.[0] : undefined;
}

export function tokensOf(sql: string, dialect: SqlDialect): SqlToken[] | SqlFailure {
  const result = tokenize(sql, dialect as Dialect);
  if (!result.success) return { failure: firstLine(result.error ?? 'the text cannot be read') };
  // the library's own types have another spelling than its answers
  const tokens = (result.tokens ?? []) as unknown as {
    token_type: string;
    text: string;
    span: { start: number; end: number };
  }[];
  const at = characterOffsets(sql);
  return tokens.map(({ token_type, text, span }) => ({
    kind: token_type,
    text,
    start: at(span.start),
    end: at(span.end),
  }));
}

/** The library counts code points; JavaScript's texts count a character beyond the basic plane as two. */
export function characterOffsets(sql: string): (codePoint: number) => number {
  if (!/[\ud800-\udbff]/.test(sql)) return (offset) => offset;
  const starts: number[] = [];
  let offset = 0;
  for (const character of sql) {
    starts.push(offset);
    offset += character.length;
  }
  return (codePoint) => starts[codePoint] ?? offset;
}

function firstLine(text: string | undefined): string {
  return (text ?? 'the parser gave no reason').split('\n')[0]!;
}
