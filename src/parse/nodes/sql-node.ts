/** One SQL file (or block) -> one node: what models, singular tests, analyses, snapshots and hooks share. */
import { hash } from 'node:crypto';
import { formatLocation, type Location, nearest, SqError } from '../../errors.ts';
import { CONFIG_KEYS, type ConfigKind, USUAL_CONFIG_KEYS } from '../../load/index.ts';
import type { CompiledNode, NodeConfig } from '../../manifest/nodes.ts';
import type { SourceSpan } from '../../template/index.ts';
import { type Captured, capture } from '../capture.ts';
import { checkConfigValues } from '../config/check-values.ts';
import { fqnOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import { oneBlank } from '../python-blanks.ts';
import type { PackageSource, ParseSession } from '../session.ts';
import { resolveConfig, TREE_OF, type WrittenLayer } from './config.ts';
import { captureHooks } from './hooks.ts';

export interface SqlNodeInput {
  session: ParseSession;
  names: NameResolver;
  pkg: PackageSource;
  resourceType: CompiledNode['resource_type'];
  name: string;
  /** Relative to the base folder. */
  path: string;
  /** Relative to the package root. */
  originalPath: string;
  /** When it is not package, folders, name. */
  fqn?: string[];
  /** The whole file, for the checksum. */
  fileText: string;
  /** What the text asks for and how it configures itself, where that is not found by rendering it. */
  captured?: Captured;
  language?: CompiledNode['language'];
  /** The part that is rendered; the whole file but for snapshot blocks. */
  text: string;
  span: SourceSpan;
  /** Rendered config of the property file. */
  patch?: WrittenLayer;
  version?: string | number | null;
}

/** Builds the node; `config.enabled` may be false: the caller files it among the disabled. */
export function sqlNode(input: SqlNodeInput): CompiledNode {
  const { session, pkg, resourceType, name } = input;
  const versioned = input.version !== undefined && input.version !== null;
  const uniqueId = `${resourceType}.${pkg.config.name}.${name}${versioned ? `.v${input.version}` : ''}`;
  const captured = input.captured ?? captureWithin(input, uniqueId);
  const fqn = input.fqn ?? fqnOf(pkg.config.name, input.path, name);
  if (versioned) fqn.push(`v${input.version}`);
  const layers = { session, pkg, resourceType, fqn, inFile: captured.config };
  const { config, unrendered } = resolveConfig({ ...layers, patch: input.patch });
  // dbt gathers tags twice: before it reads property files, and again with what they add
  const early = input.patch?.values.tags === undefined ? [] : resolveConfig(layers).config.tags;
  checkConfig(input, captured, config);
  const node: CompiledNode = {
    database: null,
    schema: '',
    name,
    resource_type: resourceType,
    package_name: pkg.config.name,
    path: input.path,
    original_file_path: input.originalPath,
    unique_id: uniqueId,
    fqn,
    alias: name,
    checksum: { name: 'sha256', checksum: checksumOf(input.fileText) },
    config,
    tags: [...new Set([...early, ...config.tags])],
    description: '',
    columns: {},
    meta: config.meta,
    group: config.group ?? null,
    docs: { show: true, node_color: null, ...(config.docs as Partial<CompiledNode['docs']> | undefined) },
    patch_path: null,
    build_path: null,
    unrendered_config: unrendered,
    created_at: session.createdAt,
    relation_name: null,
    raw_code: input.text,
    doc_blocks: [],
    language: input.language ?? 'sql',
    refs: captured.refs,
    sources: captured.sources,
    metrics: captured.metrics,
    functions: captured.functions,
    depends_on: { macros: captured.macros, nodes: [] },
    compiled_path: null,
    contract: {
      enforced: config.contract?.enforced === true,
      alias_types: config.contract?.alias_types !== false,
      checksum: null,
    },
  };
  if (resourceType === 'model') {
    node.access = accessOf(config, uniqueId);
    node.constraints = [];
    node.version = input.version ?? null;
    node.latest_version = null;
    node.deprecation_date = null;
    node.primary_key = [];
    node.time_spine = null;
  }
  input.names.apply(node, pkg);
  if (resourceType !== 'test') captureHooks(node, { session, pkg, uniqueId, name, resourceType });
  return node;
}

/** Values, and keys of `config()` that look like slips of the pen: such a key would silently do nothing. */
function checkConfig(input: SqlNodeInput, captured: Captured, config: NodeConfig): void {
  const { resourceType, originalPath: path, patch, session } = input;
  checkConfigValues(config, {
    resourceType,
    of: (key) => {
      if (key in captured.config.values) return { file: path, at: keywordPlace(input, key) };
      return {
        file: patch !== undefined && key in patch.values ? `the properties of ${path}` : 'dbt_project.yml',
      };
    },
  });
  const kind = TREE_OF[resourceType] as ConfigKind | undefined;
  if (kind === undefined) return;
  for (const key in captured.config.values) {
    if (CONFIG_KEYS[kind].has(key)) continue;
    const near = nearest(key, USUAL_CONFIG_KEYS[kind]);
    if (near === undefined) continue;
    const at = keywordPlace(input, key);
    session.context.invocation.emit({
      name: 'Deprecation',
      event_name: 'CustomKeyInConfigDeprecation',
      msg: `Custom key \`${key}\` found in \`config\` at path \`config\` in file \`${path}\`. Custom config keys should move into the \`config.meta\`. Did you mean \`${near}\`?${at === undefined ? '' : `\n  at ${formatLocation(at)}`}`,
    });
  }
}

/** Where the text says `key =`. */
function keywordPlace({ text, span }: SqlNodeInput, key: string): Location | undefined {
  const found = new RegExp(`\\b${key}\\s*=`).exec(text);
  if (found === null) return undefined;
  const before = text.slice(0, found.index).split('\n');
  const column = before.at(-1)!.length + 1;
  const line = span.line + before.length - 1;
  return { path: span.path, line, column: before.length === 1 ? span.column + column - 1 : column };
}

function captureWithin(input: SqlNodeInput, uniqueId: string): Captured {
  try {
    return capture({
      session: input.session,
      pkg: input.pkg,
      text: input.text,
      span: input.span,
      uniqueId,
      name: input.name,
      resourceType: input.resourceType,
    });
  } catch (error) {
    if (error instanceof SqError) {
      throw error.within({ resourceType: input.resourceType, name: input.name, path: input.originalPath });
    }
    throw error;
  }
}

function accessOf(config: NodeConfig, uniqueId: string): CompiledNode['access'] {
  const access = config.access ?? 'protected';
  if (access === 'private' || access === 'protected' || access === 'public') return access;
  throw new SqError({
    kind: 'Parsing',
    code: 'access',
    message: `Node ${uniqueId} has an invalid value (${String(access)}) for the access field`,
    hint: 'access is private, protected or public',
  });
}

/** dbt's checksum: of the text with every run of blanks as one, so that a formatter changes nothing. */
export function checksumOf(text: string): string {
  return hash('sha256', oneBlank(text));
}
