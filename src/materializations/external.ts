/**
 * `materialized: external`: the rows of a query as files on an object store, and where an `external_schema` is
 * configured the engine's own table over them. Engines that cannot write files say so when the model is compiled.
 */
import type { UnloadAnswer, UnloadRequest } from '../adapters/loader-contract.ts';
import { nearest, SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import { type Materialization, type Plan, type PlanNode, type PlanState, queryColumns } from './contract.ts';
import { hooks } from './node-hooks.ts';

const FORMATS = ['parquet', 'csv', 'json'] as const;

export const external: Materialization = {
  name: 'external',
  plan: (input, state) => unload(input, state),
};

/** Statements sent: one that writes the files; with a table over them one question, and two or three when it is new. */
function* unload(input: PlanNode, state: PlanState): Plan {
  const { node, target } = input;
  if (state.dialect.capabilities.unload !== true) throw cannot(node, state.dialect.type);
  if (state.audited)
    throw problem(
      node,
      'publish: audited is set, and files cannot be tested before they stand',
      'leave publish out',
    );
  const config = externalConfig(node);
  yield* hooks(node, 'pre', false);
  yield* hooks(node, 'pre', true);
  const columns = yield* queryColumns(input.sql);
  for (const name of config.partitionBy) {
    if (columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) continue;
    throw problem(
      node,
      `partition_by names '${name}', which the query does not give`,
      `its columns are: ${columns.map((column) => column.name).join(', ')}`,
    );
  }
  const answer = (yield {
    kind: 'unload',
    request: {
      sql: input.sql,
      columns,
      ...config,
      table: target.identifier ?? '',
      preview: false,
    },
  }) as UnloadAnswer;
  const made: Relation | null =
    answer.table === null
      ? null
      : relation(target.database, answer.table.schema, answer.table.name, {
          type: 'external',
          quote: target.quote,
        });
  if (made !== null) yield { kind: 'cache', added: [made] };
  yield* hooks(node, 'post', true);
  yield* hooks(node, 'post', false);
  return {
    message: `UNLOAD ${answer.rows}`,
    rowsAffected: answer.rows,
    status: 'success',
    relations: made === null ? [] : [made],
  };
}

type ExternalConfig = Pick<UnloadRequest, 'location' | 'format' | 'partitionBy' | 'externalSchema' | 'role'>;

function externalConfig(node: CompiledNode): ExternalConfig {
  const {
    location,
    format = 'parquet',
    partition_by: partitions,
    external_schema: schema,
    iam_role: role,
  } = node.config;
  if (typeof location !== 'string' || !/^s3:\/\/[^/]+\/[^/]/.test(location)) {
    throw problem(
      node,
      location === undefined || location === null
        ? 'location is missing'
        : `location is ${JSON.stringify(location)}`,
      'give a folder of its own on S3: location: s3://bucket/folder/; what stands in it is replaced',
    );
  }
  const known = FORMATS.find((one) => one === format);
  if (known === undefined) {
    const near = nearest(String(format), FORMATS);
    throw problem(
      node,
      `format is ${JSON.stringify(format)}`,
      near === undefined ? `it is one of: ${FORMATS.join(', ')}` : `did you mean '${near}'?`,
    );
  }
  const list =
    partitions === undefined || partitions === null
      ? []
      : Array.isArray(partitions)
        ? partitions
        : [partitions];
  if (!list.every((one): one is string => typeof one === 'string' && /^\w+$/.test(one)))
    throw problem(node, `partition_by is ${JSON.stringify(partitions)}`, 'name columns of the query');
  return {
    location: location.endsWith('/') ? location : `${location}/`,
    format: known,
    partitionBy: list,
    externalSchema: typeof schema === 'string' ? schema : null,
    role: typeof role === 'string' ? role : null,
  };
}

function cannot(node: CompiledNode, type: string): SqError {
  return problem(
    node,
    `the ${type} adapter cannot write files`,
    'run this model on Redshift (--target), or make it a table or view here: external tables of other engines come with a later release of sq',
  );
}

function problem(node: CompiledNode, what: string, hint: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'external-config',
    message: `materialized: external of ${node.name} cannot be used: ${what}.`,
    hint,
  });
}
