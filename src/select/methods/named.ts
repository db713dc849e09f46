import type { ResourceType } from '../../manifest/nodes.ts';
import { fnmatch } from '../fnmatch.ts';
import { selectionError } from '../selection-error.ts';
import type { SelectorMethod } from './contract.ts';

/** Resources that are selected by `name` or `package.name`, with wildcards in both. */
function named(type: ResourceType, kind: string, plural: string, form: string): SelectorMethod {
  return ({ value }) => {
    const parts = String(value).split('.');
    if (parts.length > 2) {
      throw selectionError(
        'selector-value',
        `Invalid ${kind} selector value "${value}". ${plural} must be of the form \${${form}_name} or \${${form}_package.${form}_name}`,
      );
    }
    const ofName = fnmatch(parts[parts.length - 1] as string);
    const ofPackage = fnmatch(parts.length === 2 ? (parts[0] as string) : '*');
    return (node) => node.resource_type === type && ofName(node.name) && ofPackage(node.package_name);
  };
}

export const exposure = named('exposure', 'exposure', 'Exposures', 'exposure');
export const metric = named('metric', 'metric', 'Metrics', 'metric');
export const semanticModel = named('semantic_model', 'semantic model', 'Semantic models', 'semantic_model');
export const savedQuery = named('saved_query', 'saved query', 'Saved queries', 'saved_query');
export const unitTest = named('unit_test', 'unit test', 'Unit tests', 'unit_test');

/** `source:` by source, `source.table` or `package.source.table`, with wildcards in all. */
export const source: SelectorMethod = ({ value }) => {
  const parts = String(value).split('.');
  if (parts.length > 3) {
    throw selectionError(
      'selector-value',
      `Invalid source selector value "${value}". Sources must be of the form \`\${source_name}\`, \`\${source_name}.\${target_name}\`, or \`\${package_name}.\${source_name}.\${target_name}\``,
    );
  }
  const [packageName, sourceName, table] =
    parts.length === 3 ? parts : ['*', parts[0] as string, parts[1] ?? '*'];
  const ofPackage = fnmatch(packageName as string);
  const ofSource = fnmatch(sourceName as string);
  const ofTable = fnmatch(table as string);
  return (node) =>
    node.resource_type === 'source' &&
    ofSource(node.source_name ?? '') &&
    ofTable(node.name) &&
    ofPackage(node.package_name);
};
