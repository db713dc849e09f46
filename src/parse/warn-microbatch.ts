/** dbt's warnings of microbatch models that cannot do what they say. */
import type { CompiledNode } from '../manifest/nodes.ts';
import type { ParsedContents } from './contents.ts';
import type { ProjectContext } from './contract.ts';

export function warnMicrobatch(contents: ParsedContents, { adapter, invocation }: ProjectContext): void {
  const models = [...contents.nodes.values()].filter(
    (node): node is CompiledNode =>
      node.resource_type === 'model' && (node as CompiledNode).config.incremental_strategy === 'microbatch',
  );
  const forced = models.filter(({ config }) => config.concurrent_batches === true).length;
  if (forced > 0 && adapter.dialect.capabilities.concurrentBatches !== true) {
    invocation.emit({
      name: 'Warning',
      event_name: 'InvalidConcurrentBatchesConfig',
      msg: `Found ${forced} microbatch ${forced === 1 ? 'model' : 'models'} with the \`concurrent_batches\` config set to true, but the ${adapter.type} adapter does not support running batches concurrently. Batches will be run sequentially.`,
    });
  }
  for (const { name, depends_on } of models) {
    const filtered = depends_on.nodes.some((id) => {
      const parent = contents.nodes.get(id);
      return Boolean((parent?.config as { event_time?: unknown } | undefined)?.event_time);
    });
    if (filtered) continue;
    invocation.emit({
      name: 'Warning',
      event_name: 'MicrobatchModelNoEventTimeInputs',
      msg: `The microbatch model '${name}' has no 'ref' or 'source' input with an 'event_time' configuration. \nThis means no filtering can be applied and can result in unexpected duplicate records in the resulting microbatch model.`,
    });
  }
}
