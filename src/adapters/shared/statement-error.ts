/** A statement that the engine refused: the error a person reads, and what the engine said as data. */
import { SqError } from '../../errors.ts';
import type { EngineError } from '../contract.ts';

/**
 * Kind `Runtime` on DuckDB and `Database` elsewhere, as dbt's adapters raise it. `engine.position` counts in
 * `engine.statement`; whoever knows the node turns it into a line of the author's file.
 */
export class StatementError extends SqError {
  constructor(
    kind: 'Runtime' | 'Database',
    readonly engine: EngineError,
    options: { cause?: unknown; hint?: string } = {},
  ) {
    super({ kind, code: 'statement', message: engine.message, ...options });
  }
}
