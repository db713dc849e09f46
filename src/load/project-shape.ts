/** Checks of the values of dbt_project.yml, one kind of value a method. Errors are dbt's, at the value's place. */
import { nearest, SqError } from '../errors.ts';
import type { ProjectConfig, YamlDocument } from './contract.ts';
import { PROJECT_FILE } from './project-file.ts';
import { isMapping, pythonRepr, pythonTypeName } from './values.ts';

type Paths = Pick<
  ProjectConfig,
  | 'modelPaths'
  | 'seedPaths'
  | 'testPaths'
  | 'analysisPaths'
  | 'macroPaths'
  | 'snapshotPaths'
  | 'docsPaths'
  | 'functionPaths'
  | 'assetPaths'
>;

export class ProjectShape {
  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    private readonly document: YamlDocument,
  ) {}

  /** A kind Runtime error that points at the value at `keys`. */
  error(keys: readonly (string | number)[], message: string, hint?: string): SqError {
    const at = this.document.locate(keys);
    return new SqError({ kind: 'Runtime', code: 'invalid-project', message, at, hint });
  }

  private broken(keys: readonly (string | number)[], message: string, hint?: string): SqError {
    const path = `[${keys.map((key) => pythonRepr(key)).join('][')}]`;
    return this.error(keys, `at path ${path}: ${message}`, hint);
  }

  name(): string {
    const { name } = this.values;
    if (name === undefined || name === null) {
      const near = Object.keys(this.values).find((key) => nearest(key, ['name']) !== undefined);
      throw this.error(
        near === undefined ? [] : [near],
        'Required "name" field not present in project',
        near === undefined
          ? `add a line to ${PROJECT_FILE}: name: my_project`
          : `did you mean name instead of ${near}?`,
      );
    }
    if (typeof name !== 'string') throw this.broken(['name'], `${pythonRepr(name)} is not of type 'string'`);
    if (!/^[^\d\W]\w*$/.test(name)) {
      throw this.broken(
        ['name'],
        `${pythonRepr(name)} does not match '^[^\\\\d\\\\W]\\\\w*$'`,
        'a project name holds letters, digits and underscores and begins with a letter or underscore',
      );
    }
    if (RESERVED.has(name)) {
      throw this.error(
        ['name'],
        `Invalid project name: ${name} is a reserved word`,
        'templates know this name; choose another',
      );
    }
    return name;
  }

  text(key: string): string | undefined {
    const value = this.values[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string')
      throw this.broken([key], `${pythonRepr(value)} is not of type 'string', 'null'`);
    return value;
  }

  /** A list of texts; hooks may be one text. */
  texts(key: string): string[] | undefined {
    const value = this.values[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && key.startsWith('on-run-')) return [value];
    if (!Array.isArray(value)) {
      throw this.broken(
        [key],
        `${pythonRepr(value)} is not of type 'array', 'null'`,
        `write a list: ${key}: [${String(value)}]`,
      );
    }
    value.forEach((item, i) => {
      if (typeof item !== 'string')
        throw this.broken([key, i], `${pythonRepr(item)} is not of type 'string'`);
    });
    return value as string[];
  }

  /** An empty mapping where there is none. */
  mapping(key: string): Record<string, unknown> {
    const value = this.values[key];
    if (value === undefined || value === null) return {};
    if (isMapping(value)) return value;
    throw this.broken(
      [key],
      `${pythonRepr(value)} is not of type 'object'`,
      `${key}: holds keys and values, found a ${pythonTypeName(value)}`,
    );
  }

  paths(): Paths {
    const both = [
      ['source-paths', 'model-paths'],
      ['data-paths', 'seed-paths'],
    ] as const;
    for (const [old, key] of both) {
      if (this.values[old] === undefined || this.values[key] === undefined) continue;
      throw this.error(
        [old],
        `${old} and ${key} cannot both be defined. The \`${old}\` config has been deprecated in favor of \`${key}\`. Please update your \`dbt_project.yml\` configuration to reflect this change.`,
      );
    }
    if (filled(this.values.tests) && filled(this.values.data_tests)) {
      throw this.error(
        ['tests'],
        "at path []: Invalid project config: cannot have both 'tests' and 'data_tests' defined",
      );
    }
    const list = (key: string, usual: string[]) => this.texts(key)?.map(tidy) ?? usual;
    const modelPaths = list('model-paths', list('source-paths', ['models']));
    const seedPaths = list('seed-paths', list('data-paths', ['seeds']));
    const snapshotPaths = list('snapshot-paths', ['snapshots']);
    const analysisPaths = list('analysis-paths', ['analyses']);
    const macroPaths = list('macro-paths', ['macros']);
    const testPaths = list('test-paths', ['tests']);
    const functionPaths = list('function-paths', ['functions']);
    const all = [
      modelPaths,
      seedPaths,
      snapshotPaths,
      analysisPaths,
      macroPaths,
      testPaths,
      functionPaths,
    ].flat();
    return {
      modelPaths,
      seedPaths,
      testPaths,
      analysisPaths,
      macroPaths,
      snapshotPaths,
      functionPaths,
      docsPaths: list('docs-paths', [...new Set(all)]),
      assetPaths: list('asset-paths', []),
    };
  }

  quoting(): ProjectConfig['quoting'] {
    const out: ProjectConfig['quoting'] = {};
    const quoting = this.mapping('quoting');
    for (const key of ['database', 'schema', 'identifier'] as const) {
      const value = quoting[key === 'database' && quoting.database === undefined ? 'project' : key];
      if (value === undefined || value === null) continue;
      if (typeof value !== 'boolean')
        throw this.broken(['quoting', key], `${pythonRepr(value)} is not of type 'boolean', 'null'`);
      out[key] = value;
    }
    return out;
  }

  dispatch(): ProjectConfig['dispatch'] {
    const { dispatch } = this.values;
    if (dispatch === undefined || dispatch === null) return [];
    if (!Array.isArray(dispatch))
      throw this.broken(['dispatch'], `${pythonRepr(dispatch)} is not of type 'array'`);
    return dispatch.map((entry: unknown, i) => {
      if (
        !isMapping(entry) ||
        typeof entry.macro_namespace !== 'string' ||
        !Array.isArray(entry.search_order)
      ) {
        throw this.error(
          ['dispatch', i],
          `Invalid project dispatch config: ${pythonRepr(entry)}`,
          'an entry needs macro_namespace: a name, and search_order: a list of packages',
        );
      }
      return { macroNamespace: entry.macro_namespace, searchOrder: entry.search_order.map(String) };
    });
  }
}

function filled(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length > 0;
}

function tidy(path: string): string {
  const short = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  return short === '' ? '.' : short;
}

/** Names that templates know: dbt refuses a project of such a name. */
const RESERVED: ReadonlySet<string> = new Set(
  `_sql_results adapter api column config context database env env_var exceptions execute flags fromjson fromyaml
   graph invocation_id load_agate_table load_result log model modules post_hooks pre_hooks ref render return
   run_started_at schema source sql sql_now store_result store_raw_result target this tojson toyaml try_or_compiler_error var write`.split(
    /\s+/,
  ),
);
