/** The second half of selecting: a specification and a manifest give unique ids. */
import { nearest } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { ancestors, descendants } from '../manifest/graph.ts';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import type { ResourceType } from '../manifest/nodes.ts';
import { fnmatch } from './fnmatch.ts';
import { admitWaiting, expandToTests, type Selected } from './indirect.ts';
import { METHODS } from './methods.ts';
import { isPlainName, NameIndex } from './name-index.ts';
import type { ParsedSelection } from './selection.ts';
import { selectionError } from './selection-error.ts';
import type { Combination, Criterion, SelectionSpec } from './spec.ts';
import type { StateComparison } from './state/contract.ts';

export interface SelectOptions {
  /** Only these types are kept; default all. See resource-types.ts for what each command takes. */
  resourceTypes?: ReadonlySet<ResourceType> | undefined;
  /** Keep nodes whose file is empty: only `ls` does. */
  includeEmpty?: boolean | undefined;
  /** Absolute project folder, so that `path:` understands absolute paths. */
  projectRoot?: string | undefined;
  /** The earlier run that `state:`, `result:` and `source_status:` compare with. */
  state?: StateComparison | undefined;
}

export interface Selection {
  /** Unique ids, in no order that means anything. */
  selected: Set<string>;
  /** One for each criterion that matches nothing. dbt emits them as warnings, once a command. */
  warnings: Extract<SqEvent, { name: 'NoNodesForSelectionCriteria' }>[];
}

/**
 * The vertices that a selection means. Throws SqError (Runtime) for a value that its method cannot take, and
 * for selectors of selectors.yml that refer to each other in a circle.
 */
export function selectNodes(
  manifest: Manifest,
  { spec, selectors }: Pick<ParsedSelection, 'spec'> & Partial<ParsedSelection>,
  options: SelectOptions = {},
): Selection {
  const evaluation = new Evaluation(manifest, selectors ?? new Map(), options);
  const { direct } = evaluation.evaluate(spec);
  const selected = new Set<string>();
  for (const id of direct) {
    const node = manifest.index.get(id);
    if (node === undefined) continue;
    if (options.resourceTypes !== undefined && !options.resourceTypes.has(node.resource_type)) continue;
    if (node.empty === true && options.includeEmpty !== true) continue;
    selected.add(id);
  }
  return { selected, warnings: evaluation.warnings };
}

/** From this many names on, an index costs less than looking at every vertex for each. */
const NAMES_WORTH_AN_INDEX = 5;

/** Finding the nearest of ten thousand names is slow; who mistyped more sees the pattern. */
const MOST_HINTS = 3;

const NOTHING: ReadonlySet<string> = new Set();

class Evaluation {
  readonly warnings: Selection['warnings'] = [];
  /** Selectors being evaluated, outermost first. */
  private readonly entered: string[] = [];
  private plainNames = 0;
  private nameIndex: NameIndex | undefined;

  constructor(
    private readonly manifest: Manifest,
    private readonly selectors: ReadonlyMap<string, SelectionSpec>,
    private readonly options: Pick<SelectOptions, 'projectRoot' | 'state'>,
  ) {}

  evaluate(spec: SelectionSpec): Selected {
    if (spec.kind === 'everything') return { direct: new Set(this.manifest.index.keys()), waiting: NOTHING };
    return spec.kind === 'criterion' ? this.criterion(spec) : this.combination(spec);
  }

  private criterion(spec: Criterion): Selected {
    const named = spec.method === 'selector' ? this.bySelector(spec) : this.byMethod(spec);
    const selected = this.withRelatives(named, spec);
    // What a selector named has its tests already, without those that it excludes.
    if (spec.method === 'selector') return { direct: selected, waiting: NOTHING };
    return expandToTests(this.manifest, selected, spec.indirectSelection);
  }

  private byMethod(spec: Criterion): Set<string> {
    const { manifest } = this;
    const { projectRoot, state } = this.options;
    const found = new Set<string>();
    const method = METHODS[spec.method as keyof typeof METHODS];
    const matches = method({ arguments: spec.arguments, value: spec.value, manifest, projectRoot, state });
    for (const node of this.candidates(spec)) if (matches(node)) found.add(node.unique_id);
    return found;
  }

  private candidates(spec: Criterion): Iterable<NodeSummary> {
    if (!isPlainName(spec) || ++this.plainNames < NAMES_WORTH_AN_INDEX) return this.manifest.index.values();
    this.nameIndex ??= new NameIndex(this.manifest);
    return this.nameIndex.candidates(String(spec.value));
  }

  private withRelatives(named: Set<string>, spec: Criterion): Set<string> {
    const { manifest } = this;
    const found = new Set(named);
    const add = (ids: Iterable<string>) => {
      for (const id of ids) found.add(id);
    };
    if (spec.childrensParents) {
      const below = new Set([...named, ...descendants(manifest, named)]);
      add(below);
      add(ancestors(manifest, below));
    }
    if (spec.parents) add(ancestors(manifest, named, spec.parentsDepth));
    if (spec.children) add(descendants(manifest, named, spec.childrenDepth));
    return found;
  }

  private bySelector(spec: Criterion): Set<string> {
    const matches = fnmatch(String(spec.value));
    const names = [...this.selectors.keys()].filter(matches).sort();
    if (names.length === 0) {
      const near = nearest(String(spec.value), this.selectors.keys());
      throw selectionError(
        'selector-name',
        `Selector '${spec.value}' did not match any selector in selectors.yml`,
        near === undefined ? undefined : `did you mean '${near}'?`,
      );
    }
    const found = new Set<string>();
    for (const name of names) {
      if (this.entered.includes(name)) {
        const circle = [...this.entered.slice(this.entered.indexOf(name)), name];
        throw selectionError(
          'selector-circle',
          `Circular dependency detected in selector: ${circle.join(' --> ')}`,
          'remove one of these "method: selector" from selectors.yml',
        );
      }
      this.entered.push(name);
      for (const id of this.evaluate(this.selectors.get(name) as SelectionSpec).direct) found.add(id);
      this.entered.pop();
    }
    return found;
  }

  private combination(spec: Combination): Selected {
    const parts = spec.components.map((component) => this.evaluate(component));
    const combined = combine(
      spec.kind,
      parts.map((part) => part.direct),
    );
    const waits = parts.some((part) => part.waiting.size > 0);
    const candidates = waits
      ? combine(
          spec.kind,
          parts.map(({ direct, waiting }) => new Set([...direct, ...waiting])),
        )
      : NOTHING;
    const direct = admitWaiting(this.manifest, combined, candidates, spec.indirectSelection);
    if (spec.expectExists && direct.size === 0) this.warn(spec);
    return { direct, waiting: candidates };
  }

  private warn(spec: Combination): void {
    const hint = this.nearestName(spec);
    this.warnings.push({
      name: 'NoNodesForSelectionCriteria',
      spec_raw: spec.raw,
      ...(hint !== undefined && { hint }),
    });
  }

  /** For a single bare name: what it was likely meant to be. */
  private nearestName({ components: [only, ...others] }: Combination): string | undefined {
    if (only?.kind !== 'criterion' || only.method !== 'fqn' || others.length > 0) return undefined;
    if (this.warnings.length >= MOST_HINTS) return undefined;
    const names = new Set<string>();
    for (const node of this.manifest.index.values()) if (node.test === undefined) names.add(node.name);
    const near = nearest(String(only.value), names);
    return near === undefined ? undefined : `did you mean '${near}'?`;
  }
}

function combine(kind: Combination['kind'], sets: readonly Set<string>[]): Set<string> {
  const [first, ...others] = sets;
  if (first === undefined) return new Set();
  if (others.length === 0) return first;
  const result = new Set(first);
  if (kind === 'union') {
    for (const other of others) for (const id of other) result.add(id);
  } else if (kind === 'difference') {
    for (const other of others) for (const id of other) result.delete(id);
  } else {
    for (const id of first) if (!others.every((other) => other.has(id))) result.delete(id);
  }
  return result;
}
