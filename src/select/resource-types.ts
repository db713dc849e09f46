/** Which resource types a command works on. Source: `resource_types` of dbt's tasks. */
import { nearest, SqError } from '../errors.ts';
import type { ResourceType } from '../manifest/nodes.ts';

interface Types {
  /** Without flags, and what `--resource-type default` means. */
  default: readonly ResourceType[];
  /** What `--resource-type all` means. */
  all: readonly ResourceType[];
  /** Flags cannot add a type that is not here. Absent: no limit. */
  only?: readonly ResourceType[];
}

const LISTED: readonly ResourceType[] = [
  'model',
  'snapshot',
  'seed',
  'test',
  'source',
  'exposure',
  'metric',
  'saved_query',
  'semantic_model',
  'unit_test',
  'function',
];
const BUILT: readonly ResourceType[] = [
  'model',
  'snapshot',
  'seed',
  'test',
  'unit_test',
  'saved_query',
  'exposure',
  'function',
];
const COMPILED: readonly ResourceType[] = [
  'model',
  'test',
  'snapshot',
  'analysis',
  'operation',
  'seed',
  'sql_operation',
  'function',
];
const DRAWN: readonly ResourceType[] = LISTED.filter((type) => type !== 'test' && type !== 'unit_test');
const TESTS: readonly ResourceType[] = ['test', 'unit_test'];
const REFABLE: readonly ResourceType[] = ['model', 'seed', 'snapshot'];

const fixed = (...types: ResourceType[]): Types => ({ default: types, all: types, only: types });

const BY_COMMAND: Readonly<Record<string, Types>> = {
  run: fixed('model'),
  seed: fixed('seed'),
  snapshot: fixed('snapshot'),
  test: { default: TESTS, all: TESTS, only: TESTS },
  clone: { default: REFABLE, all: REFABLE, only: REFABLE },
  build: { default: BUILT, all: BUILT },
  ls: { default: LISTED, all: [...LISTED, 'analysis'] },
  list: { default: LISTED, all: [...LISTED, 'analysis'] },
  freshness: fixed('source'),
  lineage: fixed(...DRAWN),
  docs: fixed(...COMPILED, 'source'),
};

export interface ResourceTypeFlags {
  /** `--resource-type`, `--resource-types`: type names, `all`, `default`; separated by spaces too. */
  include?: readonly string[] | undefined;
  /** `--exclude-resource-type(s)`. */
  exclude?: readonly string[] | undefined;
}

/**
 * The types that a command selects. Commands that are not named here (compile, show, docs) work on all that
 * has SQL. Throws SqError (Usage) for a word that is no type.
 */
export function resourceTypesOf(command: string, flags: ResourceTypeFlags = {}): Set<ResourceType> {
  const types: Types = BY_COMMAND[command] ?? fixed(...COMPILED);
  const include = wordsOf(flags.include);
  const wanted =
    include.length === 0
      ? types.default
      : include.flatMap((word) =>
          word === 'all' ? types.all : word === 'default' ? types.default : [typeNamed(word, INCLUDE)],
        );
  const refused = new Set(wordsOf(flags.exclude).map((word) => typeNamed(word, EXCLUDE)));
  return new Set(wanted.filter((type) => !refused.has(type) && types.only?.includes(type) !== false));
}

const INCLUDE = {
  flag: "'--resource-types' / '--resource-type'",
  words: ['default', 'all'],
};
const EXCLUDE = {
  flag: "'--exclude-resource-types' / '--exclude-resource-type'",
  words: [],
};

function wordsOf(values: readonly string[] = []): string[] {
  return values.flatMap((value) => value.toLowerCase().split(' ')).filter((word) => word !== '');
}

const NAMES: readonly ResourceType[] = [...LISTED, 'analysis'];

function typeNamed(word: string, { flag, words }: typeof INCLUDE): ResourceType {
  const found = NAMES.find((name) => name === word);
  if (found !== undefined) return found;
  const choices = [...NAMES, ...words];
  const near = nearest(word, choices);
  throw new SqError({
    kind: 'Usage',
    code: 'resource-type',
    message: `Invalid value for ${flag}: '${word}' is not one of ${choices.map((name) => `'${name}'`).join(', ')}.`,
    hint: near === undefined ? undefined : `did you mean '${near}'?`,
  });
}
