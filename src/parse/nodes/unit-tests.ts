/** `unit_tests:` -> definitions with their rows gathered. They are linked to their model later. */
import { hash } from 'node:crypto';
import { pythonRepr } from '../../load/index.ts';
import type { ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { fqnOf } from '../fqn.ts';
import { configFor, identity, type ReferringInput, recordOf, rendered } from './referring.ts';
import { type RowSources, type UnitTestTable, unitTestTable } from './unit-test-rows.ts';

interface Given extends UnitTestTable {
  input: string;
}

export function unitTestNode(input: ReferringInput, sources: RowSources): ReferringNode {
  const { entry, session } = input;
  const raw = rendered(input, (keys) => keys[0] === 'description');
  const model = modelName(raw.model);
  const fqn = fqnOf(entry.pkg.config.name, entry.path.slice(entry.path.indexOf('/') + 1), entry.name);
  fqn.splice(-1, 0, model);
  const { config } = configFor(input, 'unit_test', recordOf(raw.config), fqn);
  const common = { test: entry.name, path: entry.path };
  const given = listOf(raw.given)
    .filter(isRecord)
    .map((one, i): Given => {
      const at = () => entry.at(['given', i]);
      return {
        input: String(one.input),
        ...unitTestTable({ ...common, raw: one, role: 'input', at }, sources),
      };
    });
  const expect = unitTestTable(
    { ...common, raw: recordOf(raw.expect), role: 'expected', at: () => entry.at(['expect']) },
    sources,
  );
  const overrides = isRecord(raw.overrides)
    ? {
        macros: recordOf(raw.overrides.macros),
        vars: recordOf(raw.overrides.vars),
        env_vars: recordOf(raw.overrides.env_vars),
      }
    : null;
  const versions = isRecord(raw.versions)
    ? {
        include: (raw.versions.include as unknown[] | undefined) ?? null,
        exclude: (raw.versions.exclude as unknown[] | undefined) ?? null,
      }
    : null;
  return {
    model,
    given,
    expect,
    ...identity(entry, 'unit_test', fqn),
    unique_id: `unit_test.${entry.pkg.config.name}.${model}.${entry.name}`,
    description: entry.raw.description === undefined ? '' : String(entry.raw.description),
    overrides,
    depends_on: { macros: [], nodes: [] },
    config,
    checksum: checksumOf(model, versions, given, expect, overrides),
    schema: null,
    created_at: session.createdAt,
    versions,
    version: null,
  };
}

/** `ref('orders')` is read as `orders`, which is what dbt asks for. */
function modelName(model: unknown): string {
  const text = String(model ?? '');
  return /ref\(\s*(?:(['"])[\w.]+\1\s*,\s*)?(['"])([\w.]+)\2/.exec(text)?.[3] ?? text;
}

/** dbt hashes the Python representation of everything but the description. */
function checksumOf(
  model: string,
  versions: Record<string, unknown> | null,
  given: readonly Given[],
  expect: UnitTestTable,
  overrides: Record<string, unknown> | null,
): string {
  const shownGiven = given.map((one) => shown('UnitTestInputFixture', one));
  const parts = [
    model,
    versions === null ? 'None' : shown('UnitTestNodeVersions', versions),
    `[${shownGiven.join(', ')}]`,
    shown('UnitTestOutputFixture', expect),
    overrides === null ? 'None' : shown('UnitTestOverrides', overrides),
  ];
  for (const { fixture, rows } of given) if (fixture !== null) parts.push(textOf(rows));
  return hash('sha256', parts.join('-'));
}

const FORMATS = { dict: 'Dict', csv: 'CSV', sql: 'SQL' };

function shown(className: string, value: object): string {
  const fields = Object.entries(value).map(([key, item]) =>
    key === 'format'
      ? `format=<UnitTestFormat.${FORMATS[item as keyof typeof FORMATS]}: '${String(item)}'>`
      : `${key}=${pythonRepr(item)}`,
  );
  return `${className}(${fields.join(', ')})`;
}

function textOf(rows: unknown): string {
  return typeof rows === 'string' ? rows : pythonRepr(rows);
}
