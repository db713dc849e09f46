/** Every selector method by its name. `selector` is answered by evaluate.ts: it is a selection of its own. */
import { config } from './methods/config.ts';
import type { SelectorMethod } from './methods/contract.ts';
import { fqn } from './methods/fqn.ts';
import { exposure, metric, savedQuery, semanticModel, source, unitTest } from './methods/named.ts';
import { file, path } from './methods/path.ts';
import {
  access,
  group,
  packageName,
  resourceType,
  tag,
  testName,
  testType,
  version,
} from './methods/properties.ts';
import { result, sourceStatus } from './methods/results.ts';
import { state } from './methods/state.ts';
import type { MethodName } from './spec.ts';

export const METHODS: Readonly<Record<Exclude<MethodName, 'selector'>, SelectorMethod>> = {
  fqn,
  tag,
  group,
  access,
  source,
  path,
  file,
  package: packageName,
  config,
  test_name: testName,
  test_type: testType,
  resource_type: resourceType,
  state,
  exposure,
  metric,
  result,
  source_status: sourceStatus,
  version,
  semantic_model: semanticModel,
  saved_query: savedQuery,
  unit_test: unitTest,
};
