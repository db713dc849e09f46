/** The config of an external model, read and checked. */
import type { UnloadRequest } from '../adapters/loader-contract.ts';
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { PlanState } from './contract.ts';

export type ExternalConfig = Pick<
  UnloadRequest,
  'location' | 'format' | 'partitionBy' | 'mode' | 'options' | 'externalSchema' | 'role'
>;

const FORMATS = ['parquet', 'csv', 'json'] as const;
const STRATEGIES = ['overwrite', 'insert_overwrite'] as const;
/** Of the parquet writer. */
const OPTIONS = ['compression', 'compression_level', 'row_group_size', 'partition_by'] as const;

/** Throws SqError kind Compilation, whole and before anything is written. */
export function externalConfig(node: CompiledNode, { dialect, fullRefresh }: PlanState): ExternalConfig {
  const onDisk = dialect.capabilities.unloadsToDisk === true;
  const { external_schema: schema, iam_role: role } = node.config;
  const location = locationOf(node, onDisk);
  const format = formatOf(node, location);
  const options = optionsOf(node, format);
  const { partition_by: inOptions, ...rest } = options;
  const partitionBy = columnNames(node, node.config.partition_by ?? inOptions);
  const strategy = oneOf(
    node,
    'incremental_strategy',
    node.config.incremental_strategy ?? 'overwrite',
    STRATEGIES,
  );
  const isFile = location !== '' && !location.endsWith('/');
  if (partitionBy.length > 0 && isFile)
    throw externalProblem(
      node,
      `location ${location} is one file, and partition_by needs a folder`,
      `say location: ${location.replace(/\.\w+$/, '/')}`,
    );
  if (strategy === 'insert_overwrite' && partitionBy.length === 0)
    throw externalProblem(
      node,
      'incremental_strategy: insert_overwrite replaces partitions, and partition_by is missing',
      'name the columns that make the folders, e.g. partition_by: [year, month, day]',
    );
  return {
    location,
    format,
    partitionBy,
    mode: fullRefresh ? 'overwrite' : strategy,
    options: rest as ExternalConfig['options'],
    externalSchema: typeof schema === 'string' ? schema : null,
    role: typeof role === 'string' ? role : null,
  };
}

export function externalProblem(node: CompiledNode, what: string, hint: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'external-config',
    message: `materialized: external of ${node.name} cannot be used: ${what}.`,
    hint,
  });
}

/** Empty where the model names none and the engine has a place of its own. */
function locationOf(node: CompiledNode, onDisk: boolean): string {
  const { location } = node.config;
  const missing = location === undefined || location === null;
  if (missing && onDisk) return '';
  const s3 = typeof location === 'string' && /^s3:\/\/[^/]+\/[^/]/.test(location);
  // `~` is a shell's word: here it would be a folder of that name
  const local =
    onDisk && typeof location === 'string' && !location.includes('://') && !/^\s*(~|$)/.test(location);
  if (!s3 && !local) {
    throw externalProblem(
      node,
      missing ? 'location is missing' : `location is ${JSON.stringify(location)}`,
      `give a folder of its own ${onDisk ? 'below the project, or ' : ''}on S3: location: s3://bucket/folder/; what stands in it is replaced`,
    );
  }
  if (location.endsWith('/') || (local && /\.(parquet|csv|json)$/.test(location))) return location;
  return `${location}/`;
}

/** What the name of a file ends in, unless `format` says it; for a folder parquet. */
function formatOf(node: CompiledNode, location: string): ExternalConfig['format'] {
  const ending = FORMATS.find((one) => location.endsWith(`.${one}`));
  const format = oneOf(node, 'format', node.config.format ?? ending ?? 'parquet', FORMATS);
  if (ending === undefined || ending === format) return format;
  throw externalProblem(
    node,
    `location ${location} names a ${ending} file, and format is ${format}`,
    `say format: ${ending}, or let location end in .${format}`,
  );
}

function optionsOf(node: CompiledNode, format: string): Record<string, unknown> {
  const { options } = node.config;
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object' || Array.isArray(options))
    throw externalProblem(
      node,
      `options is ${JSON.stringify(options)}`,
      'write a mapping: options: {compression: zstd}',
    );
  for (const [name, value] of Object.entries(options)) {
    if (!OPTIONS.some((one) => one === name)) {
      const near = nearest(name, OPTIONS);
      throw externalProblem(
        node,
        `options names '${name}', which is not known`,
        near === undefined ? `the options are: ${OPTIONS.join(', ')}` : `did you mean '${near}'?`,
      );
    }
    if (name === 'partition_by') continue;
    if (format !== 'parquet')
      throw externalProblem(
        node,
        `the option '${name}' is for parquet, and format is ${format}`,
        'leave it out',
      );
    if (!(typeof value === 'number' || (typeof value === 'string' && /^\w+$/.test(value))))
      throw externalProblem(
        node,
        `the option '${name}' is ${JSON.stringify(value)}`,
        'give a word or a number',
      );
  }
  return options as Record<string, unknown>;
}

function columnNames(node: CompiledNode, written: unknown): string[] {
  const list =
    written === undefined || written === null
      ? []
      : Array.isArray(written)
        ? written
        : String(written)
            .split(',')
            .map((name) => name.trim());
  if (!list.every((one): one is string => typeof one === 'string' && /^\w+$/.test(one)))
    throw externalProblem(node, `partition_by is ${JSON.stringify(written)}`, 'name columns of the query');
  const twice = list.find((one, i) => list.findIndex((other) => sameName(one, other)) < i);
  if (twice !== undefined)
    throw externalProblem(node, `partition_by names '${twice}' twice`, 'name each column once');
  return list;
}

const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function oneOf<T extends string>(node: CompiledNode, key: string, value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const near = nearest(String(value), known);
  throw externalProblem(
    node,
    `${key} is ${JSON.stringify(value)}`,
    near === undefined ? `it is one of: ${known.join(', ')}` : `did you mean '${near}'?`,
  );
}
