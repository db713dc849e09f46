/** Unit tests and the models they test: one definition for each version of a versioned model, as in dbt. */
import { SqError } from '../errors.ts';
import type { CompiledNode, ReferringNode } from '../manifest/nodes.ts';
import { disable, type ParsedContents } from './contents.ts';
import type { NameIndex } from './link.ts';

interface Versions {
  include: unknown[] | null;
  exclude: unknown[] | null;
}

/** Throws kind Parsing for a model that is not there and for what an incremental model's test must say. */
export function linkUnitTests(contents: ParsedContents, names: NameIndex): void {
  for (const node of [...contents.nodes.values()]) {
    if (node.resource_type === 'unit_test') linkUnitTest(node as ReferringNode, contents, names);
  }
}

function linkUnitTest(test: ReferringNode, contents: ParsedContents, names: NameIndex): void {
  const [name, version] = String(test.model).split(/\s+/) as [string, string?];
  const model = names.ref({ name, package: null, version: version ?? null }, test.package_name);
  if (model === 'disabled') {
    test.config.enabled = false;
    disable(contents, test);
    return;
  }
  const isRuns = (test.config as { runs?: unknown }).runs !== undefined;
  const canBeTested = model?.resource_type === 'model' || (isRuns && model?.resource_type === 'snapshot');
  if (model === undefined || !canBeTested) {
    const near = names.suggestRef({ name, package: null, version: null });
    throw refused(
      test,
      `Unable to find model '${test.package_name}.${String(test.model)}' for unit test '${test.name}' in ${test.original_file_path}`,
      near === undefined ? undefined : `did you mean '${near}'?`,
    );
  }
  const target = model as CompiledNode;
  test.depends_on.nodes = [target.unique_id];
  test.schema = target.schema;
  // over several runs is_incremental answers what is so
  if (!isRuns) checkIncremental(test, target);
  const versions = test.versions as Versions | null;
  if (target.version === null || target.version === undefined) {
    if (versions && ((versions.include?.length ?? 0) > 0 || (versions.exclude?.length ?? 0) > 0)) {
      throw refused(
        test,
        `Unit test '${test.name}' should not have a versions include or exclude when referencing non-versioned model '${target.name}'`,
      );
    }
    return;
  }
  expand(test, target, versions, contents);
}

function expand(
  test: ReferringNode,
  target: CompiledNode,
  versions: Versions | null,
  contents: ParsedContents,
): void {
  const tested = [...contents.nodes.values()].filter((node): node is CompiledNode => {
    if (node.resource_type !== 'model' || node.name !== target.name) return false;
    if (node.package_name !== target.package_name) return false;
    const { version } = node as CompiledNode;
    if (versions === null) return true;
    if (versions.exclude !== null) return !versions.exclude.includes(version);
    return versions.include?.includes(version) ?? false;
  });
  if (tested.length === 0) {
    throw refused(
      test,
      `Unit test '${test.name}' referenced a version of '${target.name}' which was not found.`,
    );
  }
  contents.nodes.delete(test.unique_id);
  for (const model of tested) {
    const uniqueId = `${test.unique_id}_v${model.version}`;
    contents.nodes.set(uniqueId, {
      ...structuredClone(test),
      unique_id: uniqueId,
      depends_on: { macros: [], nodes: [model.unique_id] },
      version: model.version,
    });
  }
}

function checkIncremental(test: ReferringNode, model: CompiledNode): void {
  if (!model.depends_on.macros.includes('macro.dbt.is_incremental')) return;
  const overrides = test.overrides as { macros: Record<string, unknown> } | null;
  const override = overrides?.macros.is_incremental;
  if (typeof override !== 'boolean') {
    throw refused(
      test,
      `Boolean override for 'is_incremental' must be provided for unit test '${test.name}' in model '${model.name}'`,
      'overrides: {macros: {is_incremental: true}} tests a later run, false the first one',
    );
  }
  const inputs = (test.given as { input: string }[]).map(({ input }) => input);
  if (override && !inputs.includes('this')) {
    throw refused(
      test,
      `Unit test '${test.name}' for incremental model '${model.name}' must have a 'this' input`,
      'add - input: this with the rows that are there already',
    );
  }
}

function refused(test: ReferringNode, message: string, hint?: string): SqError {
  return new SqError({
    kind: 'Parsing',
    code: 'unit-test',
    message,
    at: { path: test.original_file_path },
    hint,
  });
}
