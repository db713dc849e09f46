import type { BatchResults } from '../execute/index.ts';
import type { Invocation } from '../invocation.ts';
import type { ProjectFileContents } from '../load/index.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** What a command is given: one call of sq. */
export interface Session {
  invocation: Invocation;
  /** The word after the command, where it takes one. */
  argument: string | undefined;
  /**
   * dbt_project.yml, read beforehand because its `flags:` decide how everything is shown; absent when there is
   * none or it cannot be read: who needs it reads it again and gets the error.
   */
  projectFile: ProjectFileContents | undefined;
  /** Set by `retry`: this command repeats an earlier one. */
  again?: Repetition;
}

/** What is left to do of an earlier command. */
export interface Repetition {
  /** Unique ids of what failed there. Throws SqError for one that is not there any more. */
  select(manifest: Manifest): string[];
  /** Results of that command's batches, by microbatch model; only where some went well and some failed. */
  batches: ReadonlyMap<string, BatchResults>;
  /** When that command began, ISO 8601: batches are counted from then. */
  startedAt: string | undefined;
}

/** A command: does its work, emits events, answers the exit code (0 success, 1 a node failed). */
export interface CommandModule {
  run(session: Session): Promise<number>;
}
