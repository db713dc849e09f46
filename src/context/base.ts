/**
 * The names every template has, whatever is rendered: data conversion, logging, variables, target, modules,
 * exceptions, `api`. Values are made when a template first asks for them.
 */
import { createHash } from 'node:crypto';
import type { Dialect, Settings } from '../adapters/contract.ts';
import type { Invocation } from '../invocation.ts';
import type { QuotePolicy } from '../manifest/relation.ts';
import {
  callArguments,
  Dict,
  fromJs,
  type MacroFunction,
  PySet,
  ReturnSignal,
  Tuple,
  toJs,
  toJson,
  toText,
} from '../template/index.ts';
import { DBT_VERSION } from '../version.ts';
import { columnClass } from './column-object.ts';
import { envVarFunction } from './env-var.ts';
import { exceptionsNamespace } from './exceptions.ts';
import { flagsNamespace } from './flags.ts';
import { namespaceOf } from './host.ts';
import { type Interval, intervalValue } from './interval.ts';
import { datetimeModule } from './modules/datetime.ts';
import { Endless } from './modules/endless.ts';
import { itertoolsModule } from './modules/itertools.ts';
import { PyDateTime } from './modules/moments.ts';
import { pytzModule } from './modules/pytz.ts';
import { reModule } from './modules/re.ts';
import { relationClass } from './relation-object.ts';
import { type VarLayers, varFunction } from './vars.ts';
import { parseYamlValue, stringifyYaml } from './yaml-functions.ts';

export interface BaseContext {
  invocation: Invocation;
  settings: Settings;
  dialect: Dialect;
  profileName: string;
  targetName: string;
  projectName: string;
  vars: VarLayers;
  quoting: QuotePolicy;
  /** What `interval` is; while parsing nobody knows. */
  interval?: Interval | undefined;
  /** Called with the name of every environment variable read. */
  onEnvVar: (name: string) => void;
}

/** `target`, as a Dict: what the adapter shows of its settings, and dbt's common keys. */
export function targetValue(context: Pick<BaseContext, 'settings' | 'profileName' | 'targetName'>): Dict {
  const { settings } = context;
  return fromJs({
    ...settings.shown,
    name: context.targetName,
    target_name: context.targetName,
    profile_name: context.profileName,
    type: settings.type,
    schema: settings.schema,
    database: settings.database,
    dbname: settings.database,
    threads: settings.threads,
  }) as Dict;
}

/** Values that do not depend on the node; one object serves all renders of a command. */
export class BaseNames {
  private readonly made = new Map<string, unknown>();
  private readonly makers: Record<string, () => unknown>;

  constructor(readonly context: BaseContext) {
    const { invocation } = context;
    const say = (message: unknown, info: unknown) => {
      invocation.emit({ name: info === true ? 'JinjaLogInfo' : 'JinjaLogDebug', msg: toText(message) });
      return '';
    };
    this.makers = {
      target: () => targetValue(context),
      env: () => targetValue(context),
      env_var: () => envVarFunction(invocation, context.onEnvVar),
      project_name: () => context.projectName,
      dbt_version: () => DBT_VERSION,
      invocation_id: () => invocation.id,
      run_started_at: () => PyDateTime.fromDate(invocation.startedAt, 0),
      flags: () => flagsNamespace(invocation.flags),
      interval: () => (context.interval === undefined ? null : intervalValue(context.interval)),
      invocation_args_dict: () => fromJs(invocationArgs(invocation)),
      dbt_metadata_envs: () => fromJs(metadataEnvs(invocation.env)),
      exceptions: () => exceptionsNamespace(invocation),
      modules: () =>
        namespaceOf('modules', {
          datetime: datetimeModule(() => invocation.now()),
          pytz: pytzModule(),
          re: reModule(),
          itertools: itertoolsModule(),
        }),
      api: () =>
        namespaceOf('api', {
          Relation: relationClass(context.quoting, context.dialect.quoteChar),
          Column: columnClass(context.dialect),
        }),
      return: () => (value: unknown) => {
        throw new ReturnSignal(value === undefined ? null : value);
      },
      log:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['msg', 'info']);
          return say(given.msg, given.info);
        },
      print: () => (message: unknown) => {
        if (invocation.flags.print) invocation.emit({ name: 'PrintEvent', msg: toText(message) });
        return '';
      },
      local_md5: () => (text: unknown) => createHash('md5').update(toText(text)).digest('hex'),
      tojson:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['value', 'default', 'sort_keys']);
          return orDefault(given.default, () => toJson(given.value, { sortKeys: given.sort_keys === true }));
        },
      fromjson:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['string', 'default']);
          return orDefault(given.default, () => fromJs(JSON.parse(toText(given.string))));
        },
      toyaml:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['value', 'default', 'sort_keys']);
          return orDefault(given.default, () => stringifyYaml(toJs(given.value), given.sort_keys === true));
        },
      fromyaml:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['value', 'default']);
          return orDefault(given.default, () => fromJs(parseYamlValue(toText(given.value))));
        },
      set:
        () =>
        (...args: unknown[]) => {
          const given = callArguments(args, ['value', 'default']);
          return orDefault(given.default, () => new PySet(iterate(given.value)));
        },
      set_strict: () => (value: unknown) => new PySet(iterate(value)),
      zip:
        () =>
        (...lists: unknown[]) =>
          orDefault(null, () => zip(lists)),
      zip_strict:
        () =>
        (...lists: unknown[]) =>
          zip(lists),
      diff_of_two_dicts: () => diffOfTwoDicts,
    };
  }

  /** The value of `name`; undefined when it is not a base name. */
  get(name: string): unknown {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.makers, name)) return undefined;
    const value = this.makers[name]!();
    this.made.set(name, value);
    return value;
  }

  /** `var` for code of one package; `owner` names the resource in errors. */
  var(packageName: string, owner: string): unknown {
    return varFunction(this.context.vars, packageName, owner);
  }
}

export type { MacroFunction };

/** dbt's converters answer their default (None) instead of raising on bad input. */
function orDefault(fallback: unknown, work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return fallback === undefined ? null : fallback;
  }
}

function iterate(value: unknown): unknown[] {
  if (typeof value === 'string') return [...value];
  if (value instanceof Dict) return [...value.keys()];
  if (value !== null && typeof value === 'object' && Symbol.iterator in value)
    return [...(value as Iterable<unknown>)];
  throw new TypeError(`'${typeof value}' object is not iterable`);
}

function zip(lists: unknown[]): Tuple[] {
  // one by one: itertools.count has no end
  const columns = lists.map((list) => (list instanceof Endless ? list : iterate(list))[Symbol.iterator]());
  const rows: Tuple[] = [];
  while (columns.length > 0) {
    const row: unknown[] = [];
    for (const column of columns) {
      const next = column.next();
      if (next.done === true) return rows;
      row.push(next.value);
    }
    rows.push(Tuple.from(row) as Tuple);
  }
  return rows;
}

/** dbt's helper for grants: what `a` has and `b` has not, by key, list values without regard to case. */
function diffOfTwoDicts(a: unknown, b: unknown): Dict {
  const out = new Dict();
  if (!(a instanceof Dict) || !(b instanceof Dict)) return out;
  const theirs = new Map<string, Set<string>>();
  for (const [key, list] of b.entries())
    theirs.set(toText(key).toLowerCase(), new Set(iterate(list).map((x) => toText(x).toLowerCase())));
  for (const [key, list] of a.entries()) {
    const other = theirs.get(toText(key).toLowerCase());
    const left =
      other === undefined
        ? iterate(list)
        : iterate(list).filter((item) => !other.has(toText(item).toLowerCase()));
    if (left.length > 0) out.set(key, left);
  }
  return out;
}

function metadataEnvs(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const prefix = 'DBT_ENV_CUSTOM_ENV_';
  return Object.fromEntries(
    Object.entries(env)
      .filter(([name, value]) => name.startsWith(prefix) && value !== undefined)
      .map(([name, value]) => [name.slice(prefix.length), value!]),
  );
}

/** `args` of dbt's artefacts and `invocation_args_dict` of templates: flags by dbt's names. */
export function invocationArgs(invocation: Invocation): Record<string, unknown> {
  const { flags } = invocation;
  return {
    which: flags.which,
    invocation_command: `dbt ${invocation.argv.join(' ')}`.trim(),
    vars: { ...invocation.vars },
    full_refresh: flags.fullRefresh,
    fail_fast: flags.failFast,
    indirect_selection: flags.indirectSelection,
    log_format: flags.logFormat,
    log_level: flags.logLevel,
    partial_parse: flags.partialParse,
    print: flags.print,
    printer_width: flags.printerWidth,
    quiet: flags.quiet,
    store_failures: flags.storeFailures,
    target: flags.target ?? null,
    profile: flags.profile ?? null,
    profiles_dir: flags.profilesDir ?? null,
    project_dir: flags.projectDir ?? null,
    threads: flags.threads ?? null,
    use_colors: flags.useColors,
    warn_error: flags.warnError,
    write_json: flags.writeJson,
    introspect: flags.introspect,
    empty: flags.empty,
    ...flags.other,
  };
}
