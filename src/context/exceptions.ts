/** `exceptions.*`: how a template stops a render with a message of its own. Names and texts are dbt's. */
import { type ErrorKind, SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { toJs } from '../template/index.ts';
import { type ContractColumn, contractMismatch } from './contract-mismatch.ts';
import { type Namespace, namespaceOf } from './host.ts';

export function exceptionsNamespace(invocation: Invocation): Namespace {
  const raise =
    (kind: ErrorKind, code: string, text: (...args: unknown[]) => string = (message) => str(message)) =>
    (...args: unknown[]): never => {
      throw new SqError({ kind, code, message: text(...args) });
    };
  return namespaceOf('exceptions', {
    warn: (message: unknown) => {
      invocation.emit({ name: 'JinjaLogWarning', msg: str(message) });
      return '';
    },
    raise_compiler_error: raise('Compilation', 'raised'),
    raise_not_implemented: raise('Compilation', 'not-implemented', (message) => `ERROR: ${str(message)}`),
    raise_database_error: raise('Database', 'raised'),
    raise_dependency_error: raise('Dependency', 'raised'),
    raise_fail_fast_error: raise('Runtime', 'fail-fast'),
    raise_parsing_error: raise('Parsing', 'raised'),
    raise_contract_error: raise('Compilation', 'contract', (declared, found) =>
      contractMismatch(toJs(declared) as ContractColumn[], toJs(found) as ContractColumn[]),
    ),
    raise_duplicate_patch_name: raise('Compilation', 'duplicate-patch'),
    raise_duplicate_resource_name: raise('Compilation', 'duplicate-resource'),
    raise_ambiguous_alias: raise('Compilation', 'ambiguous-alias'),
    raise_ambiguous_catalog_match: raise('Compilation', 'ambiguous-catalog'),
    raise_cache_inconsistent: raise(
      'Internal',
      'cache-inconsistent',
      (message) => `Cache inconsistency detected: ${str(message)}`,
    ),
    raise_dataclass_not_dict: raise('Compilation', 'not-a-dict'),
    raise_dep_not_found: raise('Compilation', 'dependency-not-found'),
    raise_invalid_property_yml_version: raise(
      'Compilation',
      'property-version',
      (path, issue) =>
        `The yml property file at ${str(path)} is invalid because ${str(issue)}. Please consult the documentation for more information on yml property file syntax.`,
    ),
    missing_config: raise(
      'Compilation',
      'missing-config',
      (_model, name) => `Model is missing required config "${str(name)}"`,
    ),
    missing_materialization: raise(
      'Compilation',
      'missing-materialization',
      (_model, adapter) => `No materialization was found for this model for adapter ${str(adapter)}`,
    ),
    missing_relation: raise(
      'Compilation',
      'missing-relation',
      (relation) => `Relation ${str(relation)} not found!`,
    ),
    relation_wrong_type: raise(
      'Compilation',
      'relation-wrong-type',
      (relation, expected) =>
        `Trying to create ${str(expected)} ${str(relation)}, but it currently exists as another type. Either drop ${str(relation)} manually, or run with \`--full-refresh\` and sq will drop it for you.`,
    ),
    column_type_missing: raise(
      'Compilation',
      'column-type-missing',
      (names) =>
        `Contracted models require data_type to be defined for each column.  Please ensure that the column name and data_type are defined within the YAML configuration for the ${str(names)} column(s).`,
    ),
    warn_snapshot_timestamp_data_types: (snapshotType: unknown, updatedType: unknown) => {
      invocation.emit({
        name: 'Warning',
        event_name: 'SnapshotTimestampWarning',
        msg: `Data type of snapshot table timestamp columns (${str(snapshotType)}) doesn't match derived column 'updated_at' (${str(updatedType)}). Please update snapshot config 'updated_at'.`,
      });
      return '';
    },
  });
}

const str = (value: unknown) => (value === null || value === undefined ? 'None' : String(value));
