/** dbt's warnings about models with a `deprecation_date`, told by every command: dates pass without an edit. */
import type { Invocation } from '../invocation.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';

/** What the warnings need of a model; kept in the parse cache. */
export interface DeprecatedModel {
  unique_id: string;
  name: string;
  package_name: string;
  version: string | number | null;
  latest_version: string | number | null;
  deprecation_date: string;
}

export function deprecatedModels(nodes: Iterable<GraphNode>): DeprecatedModel[] {
  const found: DeprecatedModel[] = [];
  for (const node of nodes) {
    const { deprecation_date: date } = node as CompiledNode;
    if (node.resource_type !== 'model' || typeof date !== 'string') continue;
    const { unique_id, name, package_name, version = null, latest_version = null } = node as CompiledNode;
    found.push({ unique_id, name, package_name, version, latest_version, deprecation_date: date });
  }
  return found;
}

export function warnOfDeprecations(
  models: readonly DeprecatedModel[],
  manifest: Pick<Manifest, 'children' | 'index'>,
  invocation: Invocation,
): void {
  for (const model of models) {
    const isPast = Date.parse(model.deprecation_date) < invocation.now().getTime();
    const named = `${model.name}${model.version === null ? '' : `.v${model.version}`}`;
    const warn = (event_name: string, msg: string) => invocation.emit({ name: 'Warning', event_name, msg });
    if (isPast) {
      warn(
        'DeprecatedModel',
        `Model ${named} has passed its deprecation date of ${model.deprecation_date}. This model should be disabled or removed.`,
      );
    }
    for (const id of manifest.children(model.unique_id)) {
      const child = manifest.index.get(id);
      if (child?.resource_type !== 'model') continue;
      const when = isPast ? 'was deprecated' : 'is slated for deprecation';
      warn(
        isPast ? 'DeprecatedReference' : 'UpcomingReferenceDeprecation',
        `While compiling '${child.name}': Found a reference to ${named}, which ${when} on '${model.deprecation_date}'. ${newer(model, isPast)}`.trimEnd(),
      );
    }
  }
}

function newer(model: DeprecatedModel, isPast: boolean): string {
  const { version, latest_version: latest, name, package_name: pkg } = model;
  if (version === null || String(version) === String(latest)) return '';
  const advice = isPast ? 'Migrate now' : 'Try it out';
  return `A new version of '${name}' is available. ${advice}: {{ ref('${pkg}', '${name}', v='${latest}') }}.`;
}
