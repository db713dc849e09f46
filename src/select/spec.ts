/** What a selection asks for, as data. Made by grammar.ts and yaml-selectors.ts, answered by evaluate.ts. */

export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty';

export const INDIRECT_SELECTIONS: readonly IndirectSelection[] = ['eager', 'cautious', 'buildable', 'empty'];

/** One criterion: `@tag:nightly`, `2+config.materialized:table+1`. */
export interface Criterion {
  kind: 'criterion';
  /** As the person wrote it. */
  raw: string;
  method: MethodName;
  /** What follows the method's name: `['meta', 'owner']` of `config.meta.owner`. */
  arguments: readonly string[];
  /** A string on the command line; selectors.yml may give any scalar. */
  value: unknown;
  /** `@`: also the children, and all that these need. */
  childrensParents: boolean;
  parents: boolean;
  /** Edges; undefined means no limit. */
  parentsDepth: number | undefined;
  children: boolean;
  childrenDepth: number | undefined;
  indirectSelection: IndirectSelection;
}

export interface Combination {
  kind: 'union' | 'intersection' | 'difference';
  components: readonly SelectionSpec[];
  /** As the person wrote it. */
  raw: string;
  /** A warning is due when nothing matches. */
  expectExists: boolean;
  /** When the tests that waited for their other parents are looked at again. */
  indirectSelection: IndirectSelection;
}

/** Every vertex: what dbt writes `fqn:* source:* exposure:* metric:* semantic_model:*`. */
export interface Everything {
  kind: 'everything';
}

export type SelectionSpec = Criterion | Combination | Everything;

export const METHOD_NAMES = [
  'fqn',
  'tag',
  'group',
  'access',
  'source',
  'path',
  'file',
  'package',
  'config',
  'test_name',
  'test_type',
  'resource_type',
  'state',
  'exposure',
  'metric',
  'result',
  'source_status',
  'version',
  'semantic_model',
  'saved_query',
  'unit_test',
  'selector',
] as const;

export type MethodName = (typeof METHOD_NAMES)[number];
