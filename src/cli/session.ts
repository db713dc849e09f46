import type { Invocation } from '../invocation.ts';
import type { ProjectFileContents } from '../load/index.ts';

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
}

/** A command: does its work, emits events, answers the exit code (0 success, 1 a node failed). */
export interface CommandModule {
  run(session: Session): Promise<number>;
}
