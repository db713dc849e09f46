import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import type { StateComparison } from '../state/contract.ts';

/** What a method is asked: `config.meta.owner:finance` has the arguments `meta`, `owner` and the value `finance`. */
export interface MethodCall {
  arguments: readonly string[];
  /** Text on the command line, any scalar in selectors.yml. */
  value: unknown;
  manifest: Manifest;
  /** Absolute project folder, where it is known: lets `path:` take absolute paths. */
  projectRoot?: string | undefined;
  /** The earlier run of `--state`; absent when none was named. */
  state?: StateComparison | undefined;
}

export type NodeTest = (node: NodeSummary) => boolean;

/**
 * A selector method: reads its value once and answers a test of nodes. The test looks at the summary; only
 * where that does not tell does it read a node whole. Throws SqError (Runtime) for a value that it cannot
 * take.
 */
export type SelectorMethod = (call: MethodCall) => NodeTest;
