/** The folders that `--state` and `--defer-state` name, and what commands take from them. */
import { resolve } from 'node:path';
import type { Deferral } from '../compile/index.ts';
import { SqError } from '../errors.ts';
import { previousState } from '../load/index.ts';
import type { PreviousState } from '../manifest/previous-state.ts';
import type { ProjectContext } from '../parse/index.ts';
import type { StateComparison } from '../select/index.ts';

export interface StateFolders {
  state: PreviousState | undefined;
  deferState: PreviousState | undefined;
}

/** Nothing is read yet. Warns, as dbt, of a folder that this command writes to. */
export function stateFolders(context: ProjectContext): StateFolders {
  const { other } = context.invocation.flags;
  return { state: folder(other.state, context), deferState: folder(other.defer_state, context) };
}

function folder(path: unknown, { invocation, projectDir, targetPath }: ProjectContext) {
  if (typeof path !== 'string') return undefined;
  if (resolve(projectDir, path) === targetPath) {
    const msg = `The state and target directories are the same: '${path}'. This could lead to missing changes due to overwritten state including non-idempotent retries.`;
    invocation.emit({ name: 'Warning', event_name: 'WarnStateTargetEqual', msg });
  }
  return previousState({ path, projectDir, targetPath });
}

/** What `state:` and `result:` compare with; undefined without `--state`. */
export function comparisonOf(context: ProjectContext, { state }: StateFolders): StateComparison | undefined {
  if (state === undefined) return undefined;
  const { invocation, adapter } = context;
  const constraints = Object.entries(adapter.dialect.capabilities.constraints ?? {});
  return {
    previous: state,
    warn: (event) => invocation.emit(event),
    compareUnrendered: invocation.flags.other.state_modified_compare_more_unrendered_values !== false,
    enforcedConstraints: new Set(
      constraints.filter(([, support]) => support === 'enforced').map(([type]) => type),
    ),
    now: invocation.now(),
  };
}

/**
 * Where `--defer` reads from; undefined when nothing is deferred. `clone` always defers. Throws dbt's error
 * (Runtime) when no folder is named, or it holds no manifest.
 */
export function deferralOf({ invocation }: ProjectContext, folders: StateFolders): Deferral | undefined {
  const { other, which } = invocation.flags;
  if (other.defer !== true && which !== 'clone') return undefined;
  const state = folders.deferState ?? folders.state;
  if (state === undefined) {
    throw new SqError({
      kind: 'Runtime',
      code: 'defer-without-state',
      message: '--state or --defer-state are required for deferral, but neither was provided',
      hint: 'name the folder with the manifest.json of the other run: --state prod-artefacts',
    });
  }
  const { manifest } = state;
  if (manifest === undefined) {
    throw new SqError({
      kind: 'Runtime',
      code: 'defer-without-manifest',
      message: `Could not find manifest in --state path: "${state.path}"`,
    });
  }
  return { vertices: manifest.vertices, favorState: other.favor_state === true };
}
