/**
 * Names -> edges. Every source and ref of every vertex becomes a parent, sources first (dbt's order); what is
 * missing, disabled or private is refused as dbt does.
 */
import { type Location, nearest, SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { CompiledNode, GraphNode, RefArgs, ReferringNode, SourceNode } from '../manifest/nodes.ts';
import { isSource } from '../manifest/nodes.ts';
import { referencePlace } from '../manifest/reference-place.ts';
import { disable, type ParsedContents } from './contents.ts';
import type { ProjectContext } from './contract.ts';
import { linkSemantics } from './link-semantics.ts';
import { linkUnitTests } from './link-unit-tests.ts';
import type { SearchOrder } from './search-order.ts';

type Referring = CompiledNode | ReferringNode;

/** Finds refs and sources by name among the gathered vertices. */
export class NameIndex {
  private readonly functions = new Map<string, GraphNode[]>();
  private readonly refs = new Map<string, GraphNode[]>();
  private readonly sources = new Map<string, SourceNode[]>();
  private readonly disabledRefs = new Map<string, GraphNode[]>();
  private readonly disabledSources = new Set<string>();

  constructor(
    contents: ParsedContents,
    private readonly order: SearchOrder,
  ) {
    for (const node of contents.nodes.values()) {
      if (isSource(node)) push(this.sources, `${node.source_name}.${node.name}`, node);
      else if (isRefable(node)) push(this.refs, node.name, node);
      else if (node.resource_type === 'function') push(this.functions, node.name, node);
    }
    for (const list of contents.disabled.values()) {
      for (const node of list) {
        if (isSource(node)) this.disabledSources.add(`${node.source_name}.${node.name}`);
        else if (isRefable(node)) push(this.disabledRefs, node.name, node);
      }
    }
  }

  ref(ref: RefArgs, fromPackage: string): GraphNode | 'disabled' | undefined {
    const candidates = this.refs.get(ref.name) ?? [];
    for (const wanted of this.order.packages(fromPackage, ref.package)) {
      const found = candidates.filter(
        (node) => wanted === null || node.package_name === wanted,
      ) as CompiledNode[];
      const match = pickVersion(found, ref.version);
      if (match) return match;
    }
    const off = (this.disabledRefs.get(ref.name) ?? []).some(
      (node) => ref.package === null || node.package_name === ref.package,
    );
    return off ? 'disabled' : undefined;
  }

  function(name: string, packageName: string | null, fromPackage: string): GraphNode | undefined {
    const candidates = this.functions.get(name) ?? [];
    for (const wanted of this.order.packages(fromPackage, packageName)) {
      const found = candidates.find((node) => wanted === null || node.package_name === wanted);
      if (found) return found;
    }
    return undefined;
  }

  suggestFunction(name: string): string | undefined {
    return nearest(name, this.functions.keys());
  }

  source(name: string, table: string, fromPackage: string): SourceNode | 'disabled' | undefined {
    const candidates = this.sources.get(`${name}.${table}`) ?? [];
    let found: SourceNode | undefined;
    for (const wanted of this.order.packages(fromPackage, null))
      found ??= candidates.find((node) => wanted === null || node.package_name === wanted);
    return found ?? (this.disabledSources.has(`${name}.${table}`) ? 'disabled' : undefined);
  }

  /** What may have been meant by a ref that finds nothing: the same name elsewhere, or one that is near. */
  suggestRef({ name }: RefArgs): string | undefined {
    const same = (this.refs.get(name) ?? []) as CompiledNode[];
    if (same.length === 0) return nearest(name, this.refs.keys());
    return same
      .map(({ package_name, version }) =>
        version === null || version === undefined
          ? `ref('${package_name}', '${name}')`
          : `ref('${package_name}', '${name}', v=${version})`,
      )
      .join(', ');
  }

  suggestSource(name: string): string | undefined {
    return nearest(name, this.sources.keys());
  }
}

/** Sets depends_on.nodes of one vertex. Answers false when a test lost its target and must be left out. */
export function linkNode(node: Referring, names: NameIndex, context: ProjectContext): boolean {
  const { invocation } = context;
  const parents: string[] = [...new Set(node.depends_on.nodes ?? [])];
  const add = (uniqueId: string) => {
    if (!parents.includes(uniqueId)) parents.push(uniqueId);
  };
  for (const [name, table] of node.sources ?? []) {
    const target = names.source(name, table, node.package_name);
    if (target === undefined || target === 'disabled') {
      const near = () => names.suggestSource(`${name}.${table}`);
      const wanted = { kind: 'source', name: table, text: `'${name}.${table}'` } as const;
      if (missing(node, wanted, target, near, invocation)) return false;
      continue;
    }
    add(target.unique_id);
  }
  for (const args of (node.functions as string[][] | undefined) ?? []) {
    const [name, owner] = args.length > 1 ? [args[1]!, args[0]!] : [args[0]!, null];
    const target = names.function(name, owner, node.package_name);
    if (target !== undefined) add(target.unique_id);
    else if (
      missing(
        node,
        { kind: 'function', name, text: `'${name}'` },
        undefined,
        () => names.suggestFunction(name),
        invocation,
      )
    )
      return false;
  }
  for (const ref of node.refs ?? []) {
    const target = names.ref(ref, node.package_name);
    if (target === undefined || target === 'disabled') {
      const near = () => names.suggestRef(ref);
      if (missing(node, { kind: 'node', name: ref.name, text: refText(ref) }, target, near, invocation))
        return false;
      continue;
    }
    checkAccess(node, target as CompiledNode, context);
    warnOfRoot(node, target, ref, context);
    add(target.unique_id);
  }
  // a seed has no parents, and dbt's schema no place for them
  if (node.resource_type === 'seed') delete (node.depends_on as Partial<typeof node.depends_on>).nodes;
  else node.depends_on.nodes = parents;
  return true;
}

/** Links everything; tests whose target is gone are disabled with dbt's warning. */
export function linkAll(contents: ParsedContents, order: SearchOrder, context: ProjectContext): void {
  const names = new NameIndex(contents, order);
  for (const node of [...contents.nodes.values()]) {
    if (isSource(node) || node.resource_type === 'unit_test') continue;
    if (!linkNode(node as Referring, names, context)) disable(contents, node);
  }
  linkUnitTests(contents, names);
  linkSemantics(contents, order);
}

function refText(ref: RefArgs): string {
  const version = ref.version === null ? '' : ` with version '${ref.version}'`;
  const where = ref.package === null ? '' : ` in package or project '${ref.package}'`;
  return `'${ref.name}'${where}${version}`;
}

/** Tests only warn (answer: true, leave the test out); everything else is dbt's error. */
function missing(
  node: Referring,
  wanted: { kind: 'node' | 'source' | 'function'; name: string; text: string },
  found: 'disabled' | undefined,
  near: () => string | undefined,
  invocation: Invocation,
): boolean {
  const { kind, name, text } = wanted;
  const reason = found === 'disabled' ? 'is disabled' : 'was not found';
  const title = node.resource_type === 'test' ? 'Test' : capital(node.resource_type);
  const message = `${title} '${node.unique_id}' (${node.original_file_path}) depends on a ${kind} named ${text} which ${reason}`;
  if (node.resource_type === 'test') {
    if (found !== 'disabled')
      invocation.emit({ name: 'Warning', event_name: 'NodeNotFoundOrDisabled', msg: message });
    return true;
  }
  throw new SqError({
    kind: 'Compilation',
    code: kind === 'node' ? 'missing-ref' : `missing-${kind}`,
    message,
    at: kind === 'function' ? undefined : placeOf(node, kind === 'node' ? 'ref' : 'source', name),
    hint: found === 'disabled' ? enableHint(name) : didYouMean(near(), kind),
  });
}

function enableHint(name: string): string {
  return `enable '${name}' (config enabled: true), or disable what reads it too`;
}

function didYouMean(near: string | undefined, kind: 'node' | 'source' | 'function'): string {
  if (near?.startsWith('ref(')) return `there is ${near}`;
  if (near !== undefined) return `did you mean '${near}'?`;
  if (kind === 'function')
    return 'functions are files of the folder `functions`, described in property files';
  return kind === 'node'
    ? 'a model is named after its file, without .sql; a seed after its file, without .csv'
    : 'sources and their tables are declared in property files, under `sources:`';
}

/** Where the author wrote the reference; undefined where that cannot be told: the message names the file. */
function placeOf(node: Referring, fn: 'ref' | 'source', name: string): Location | undefined {
  const { raw_code, sq_span } = node as { raw_code?: string; sq_span?: { line: number; column: number } };
  // the SQL of a snapshot in a property file is made of its `relation:`, and stands in no file
  if (raw_code !== undefined && /\.ya?ml$/.test(node.original_file_path))
    return { path: node.original_file_path };
  const place = referencePlace(raw_code, fn, name, sq_span);
  return place && { path: node.original_file_path, ...place };
}

/** dbt's groups: a private model is read within its group; a package may keep all but its public ones to itself. */
function checkAccess(node: Referring, target: CompiledNode, context: ProjectContext): void {
  if (target.resource_type !== 'model' || target.access === 'public') return;
  const abroad =
    node.package_name !== target.package_name &&
    context.packages.find(({ config }) => config.name === target.package_name)?.config.restrictAccess ===
      true;
  const group = (node.config as { group?: string | null }).group ?? (node as CompiledNode).group ?? null;
  const targetGroup = target.config.group ?? target.group;
  const isPrivate = target.access === 'private';
  if (!abroad && (!isPrivate || (group !== null && group === targetGroup))) return;
  const scope = isPrivate ? `'${targetGroup ?? ''}' group` : `'${target.package_name}' package`;
  throw new SqError({
    kind: 'Parsing',
    code: `${target.access}-ref`,
    message: `Node ${node.unique_id} attempted to reference node ${target.unique_id}, which is not allowed because the referenced node is ${target.access} to the ${scope}.`,
    at: placeOf(node, 'ref', target.name),
    hint: abroad
      ? `the package keeps it to itself (restrict-access): only public models can be read from outside`
      : `put ${node.name} into the group '${targetGroup ?? ''}', or give ${target.name} access: protected`,
  });
}

/** A package that reads a model of the root project, without saying so: dbt warns, as it may close a cycle. */
function warnOfRoot(
  node: Referring,
  target: GraphNode,
  ref: RefArgs,
  { project, invocation }: ProjectContext,
): void {
  if (node.package_name === project.name || target.package_name !== project.name) return;
  if (ref.package === project.name) return;
  invocation.emit({
    name: 'Warning',
    event_name: 'PackageNodeDependsOnRootProjectNode',
    msg: `The node '${node.name}' in package '${node.package_name}' depends on the root project node '${target.unique_id}'. This may lead to unexpected cycles downstream. Please set the 'require_ref_searches_node_package_before_root' behavior change flag to True to avoid this issue.`,
  });
}

function pickVersion(
  found: readonly CompiledNode[],
  version: string | number | null,
): CompiledNode | undefined {
  const has = (node: CompiledNode) => node.version !== null && node.version !== undefined;
  if (version !== null) return found.find((node) => has(node) && String(node.version) === String(version));
  return (
    found.find((node) => !has(node)) ??
    found.find((node) => String(node.version) === String(node.latest_version))
  );
}

function isRefable(node: GraphNode): boolean {
  return node.resource_type === 'model' || node.resource_type === 'seed' || node.resource_type === 'snapshot';
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function capital(type: string): string {
  const words = type.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
