/** What `ref` and `source` mean for a node while executing, and dbt's errors when they mean nothing. */
import { nearest, SqError } from '../errors.ts';
import type { FindResult, Manifest } from '../manifest/manifest.ts';
import type { CompiledNode, RefArgs } from '../manifest/nodes.ts';

/** `'songs'`, `'pkg.songs'` with version, as dbt names a ref in errors. */
export function refText(ref: RefArgs): string {
  const version = ref.version === null ? '' : ` with version '${ref.version}'`;
  return ref.package === null
    ? `'${ref.name}'${version}`
    : `'${ref.name}' in package or project '${ref.package}'${version}`;
}

/** Unique id of a ref. Throws dbt's text when the target is missing, disabled or was not seen while parsing. */
export function resolveRef(
  manifest: Manifest,
  node: CompiledNode | null,
  ref: RefArgs,
  packageName: string,
): string {
  const found = manifest.findRef(ref.name, ref.package, ref.version, packageName);
  const uniqueId = foundId(found);
  if (uniqueId === undefined) throw missingTarget(manifest, node, 'node', refText(ref), found, ref.name);
  checkDependency(
    node,
    uniqueId,
    `ref(${ref.package === null ? '' : `'${ref.package}', `}'${ref.name}'${ref.version === null ? '' : `, v='${ref.version}'`})`,
  );
  return uniqueId;
}

export function resolveSource(
  manifest: Manifest,
  node: CompiledNode | null,
  name: string,
  table: string,
  packageName: string,
): string {
  const found = manifest.findSource(name, table, packageName);
  const uniqueId = foundId(found);
  if (uniqueId === undefined)
    throw missingTarget(manifest, node, 'source', `'${name}.${table}'`, found, `${name}.${table}`);
  return uniqueId;
}

function foundId(found: FindResult): string | undefined {
  return found !== undefined && 'uniqueId' in found ? found.uniqueId : undefined;
}

/**
 * dbt: `Model 'model.a.b' (models/b.sql) depends on a node named 'c' which was not found` / `which is disabled`.
 */
export function missingTarget(
  manifest: Manifest,
  node: CompiledNode | null,
  kind: 'node' | 'source',
  target: string,
  found: FindResult,
  name: string,
): SqError {
  const title = node ? node.resource_type.charAt(0).toUpperCase() + node.resource_type.slice(1) : 'Operation';
  const owner = node ? `${title} '${node.unique_id}' (${node.original_file_path})` : 'An operation';
  const reason = found === undefined ? 'was not found' : 'is disabled';
  return new SqError({
    kind: 'Compilation',
    code: kind === 'node' ? 'missing-ref' : 'missing-source',
    message: `${owner} depends on a ${kind} named ${target} which ${reason}`,
    hint: found === undefined ? suggestion(manifest, kind, name) : undefined,
  });
}

function suggestion(manifest: Manifest, kind: 'node' | 'source', name: string): string | undefined {
  const names: string[] = [];
  for (const summary of manifest.index.values()) {
    if (kind === 'source' && summary.source_name !== undefined)
      names.push(`${summary.source_name}.${summary.name}`);
    else if (kind === 'node' && ['model', 'seed', 'snapshot'].includes(summary.resource_type))
      names.push(summary.name);
  }
  const near = nearest(name, names);
  return near === undefined ? undefined : `did you mean '${near}'?`;
}

/** dbt refuses a ref that it did not see while parsing: the order would be wrong. */
function checkDependency(node: CompiledNode | null, uniqueId: string, call: string): void {
  if (node === null || node.resource_type === 'operation' || node.resource_type === 'sql_operation') return;
  if (node.depends_on.nodes?.includes(uniqueId) || node.unique_id === uniqueId) return;
  throw new SqError({
    kind: 'Compilation',
    code: 'undeclared-dependency',
    message: [
      `dbt was unable to infer all dependencies for the model "${node.name}".`,
      'This typically happens when ref() is placed within a conditional block.',
      '',
      'To fix this, add the following hint to the top of the model "' + node.name + '":',
      '',
      `-- depends_on: {{ ${call} }}`,
    ].join('\n'),
  });
}

/** What `function('name')` or `function('package', 'name')` means: one of those that were linked while parsing. */
export function functionNode(
  manifest: Manifest,
  node: CompiledNode | null,
  args: readonly string[],
): CompiledNode {
  const name = args.at(-1)!;
  const ending = args.length > 1 ? `.${args[0]}.${name}` : `.${name}`;
  const isIt = (id: string) => id.startsWith('function.') && id.endsWith(ending);
  const id =
    node?.depends_on.nodes.find(isIt) ?? [...manifest.index.keys()].find((candidate) => isIt(candidate));
  const found = id === undefined ? undefined : manifest.get(id);
  if (found !== undefined) return found as CompiledNode;
  throw new SqError({
    kind: 'Compilation',
    code: 'missing-function',
    message: `${node === null ? 'An operation' : `'${node.unique_id}' (${node.original_file_path})`} depends on a function named '${name}' which was not found`,
    hint: 'functions are files of the folder `functions`, described in property files',
  });
}
