/** `unit_tests:` -> definitions with their rows gathered. They are linked to their model later. */
import { hash } from 'node:crypto';
import { SqError } from '../../errors.ts';
import { pythonRepr } from '../../load/index.ts';
import type { ReferringNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { fqnOf } from '../fqn.ts';
import { configFor, identity, type ReferringInput, recordOf, rendered } from './referring.ts';
import { type RowSources, type UnitTestTable, unitTestTable } from './unit-test-rows.ts';

interface Given extends UnitTestTable {
  input: string;
}

/** One run of those that a unit test makes one after another. */
interface UnitTestRun {
  given: Given[];
  /** In front of the test's own. */
  overrides: {
    macros: Record<string, unknown>;
    vars: Record<string, unknown>;
    env_vars: Record<string, unknown>;
  };
  /** When it takes place: up to when a microbatch model has batches. */
  at: string | null;
}

export function unitTestNode(input: ReferringInput, sources: RowSources): ReferringNode {
  const { entry, session } = input;
  const raw = rendered(input, (keys) => keys[0] === 'description');
  const model = modelName(raw.model);
  const fqn = fqnOf(entry.pkg.config.name, entry.path.slice(entry.path.indexOf('/') + 1), entry.name);
  fqn.splice(-1, 0, model);
  const { config } = configFor(input, 'unit_test', recordOf(raw.config), fqn);
  const common = { test: entry.name, path: entry.path };
  const given = givenOf({ raw: raw.given, keys: ['given'], common, input, sources });
  const runs = raw.runs === undefined ? undefined : runsOf(raw, { common, input, sources });
  const expect = unitTestTable(
    { ...common, raw: recordOf(raw.expect), role: 'expected', at: () => entry.at(['expect']) },
    sources,
  );
  const overrides = overridesOf(raw.overrides);
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
    // dbt's manifest has no other place for what dbt does not know
    config: runs === undefined ? config : { ...config, runs },
    checksum: checksumOf({ model, versions, given, expect, overrides, runs }),
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

interface Tables {
  common: { test: string; path: string };
  input: ReferringInput;
  sources: RowSources;
}

function givenOf({
  raw,
  keys,
  common,
  input,
  sources,
}: Tables & { raw: unknown; keys: (string | number)[] }): Given[] {
  return listOf(raw)
    .filter(isRecord)
    .map((one, i): Given => {
      const at = () => input.entry.at([...keys, i]);
      return {
        input: String(one.input),
        ...unitTestTable({ ...common, raw: one, role: 'input', at }, sources),
      };
    });
}

const RUN_KEYS = ['given', 'vars', 'overrides', 'at'];

/** Throws kind Parsing for what is no list of runs. */
function runsOf(raw: Record<string, unknown>, tables: Tables): UnitTestRun[] {
  const { entry } = tables.input;
  const wrong = (keys: (string | number)[], message: string, hint: string) =>
    new SqError({ kind: 'Parsing', code: 'unit-test-runs', message, hint, at: entry.at(keys) });
  const name = `Unit test '${entry.name}'`;
  if (raw.given !== undefined)
    throw wrong(['given'], `${name} has both given and runs.`, 'each run has a given of its own');
  if (!Array.isArray(raw.runs) || raw.runs.length === 0 || !raw.runs.every(isRecord))
    throw wrong(['runs'], `${name}: runs is no list of runs.`, 'write - given: [...] for each run');
  return raw.runs.map((run: Record<string, unknown>, i): UnitTestRun => {
    const unknown = Object.keys(run).find((key) => !RUN_KEYS.includes(key));
    if (unknown !== undefined)
      throw wrong(
        ['runs', i, unknown],
        `${name}: run ${i + 1} has a key that is not known: ${unknown}.`,
        `the keys of a run are: ${RUN_KEYS.join(', ')}`,
      );
    const own = overridesOf(run.overrides);
    const vars = { ...own?.vars, ...recordOf(run.vars) };
    return {
      given: givenOf({ ...tables, raw: run.given, keys: ['runs', i, 'given'] }),
      overrides: { macros: own?.macros ?? {}, vars, env_vars: own?.env_vars ?? {} },
      at: run.at === undefined || run.at === null ? null : momentText(run.at),
    };
  });
}

/** YAML reads a moment without quotes as one. */
function momentText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function overridesOf(raw: unknown): UnitTestRun['overrides'] | null {
  if (!isRecord(raw)) return null;
  return { macros: recordOf(raw.macros), vars: recordOf(raw.vars), env_vars: recordOf(raw.env_vars) };
}

/** dbt hashes the Python representation of everything but the description. */
function checksumOf({
  model,
  versions,
  given,
  expect,
  overrides,
  runs,
}: {
  model: string;
  versions: Record<string, unknown> | null;
  given: readonly Given[];
  expect: UnitTestTable;
  overrides: object | null;
  runs: readonly UnitTestRun[] | undefined;
}): string {
  const shownGiven = given.map((one) => shown('UnitTestInputFixture', one));
  const parts = [
    model,
    versions === null ? 'None' : shown('UnitTestNodeVersions', versions),
    `[${shownGiven.join(', ')}]`,
    shown('UnitTestOutputFixture', expect),
    overrides === null ? 'None' : shown('UnitTestOverrides', overrides),
  ];
  for (const { fixture, rows } of given) if (fixture !== null) parts.push(textOf(rows));
  if (runs !== undefined) parts.push(JSON.stringify(runs));
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
