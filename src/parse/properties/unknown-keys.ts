/**
 * Keys that nobody knows. dbt 1.12 checks them for a few warehouses only; there it warns of every one, and so
 * does sq (`all`). Everywhere else sq warns of what looks like a slip of the pen (`near`): a key that is close to
 * a known one is silently ignored by dbt, which costs its users hours.
 */
import { formatLocation, nearest } from '../../errors.ts';
import {
  CONFIG_KEYS,
  type ConfigKind,
  isMapping,
  USUAL_CONFIG_KEYS,
  type YamlDocument,
} from '../../load/index.ts';
import type { KeyPath, PropertyOptions, Section } from './contract.ts';
import { COLUMN_CONFIG_KEYS, COLUMN_KEYS, ENTRY_KEYS, FILE_KEYS, TABLE_KEYS } from './keys.ts';

/** Config of which kind the entries of a section have. */
const CONFIG_OF: Readonly<Record<Section, ConfigKind>> = {
  models: 'models',
  seeds: 'seeds',
  snapshots: 'snapshots',
  analyses: 'analyses',
  macros: 'macros',
  functions: 'functions',
  data_tests: 'data_tests',
  sources: 'sources',
  exposures: 'exposures',
  groups: 'groups',
  metrics: 'metrics',
  semantic_models: 'semantic_models',
  saved_queries: 'saved_queries',
  unit_tests: 'unit_tests',
};

export class UnknownKeys {
  constructor(
    private readonly document: YamlDocument,
    private readonly options: PropertyOptions,
  ) {}

  file(value: Readonly<Record<string, unknown>>): void {
    for (const key of Object.keys(value)) {
      if (FILE_KEYS.has(key)) continue;
      const near = nearest(key, FILE_KEYS);
      if (this.options.keyCheck === 'near' && near === undefined) continue;
      this.warn(
        'CustomTopLevelKeyDeprecation',
        `Unexpected top-level key ${key} in file \`${this.document.path}\``,
        near,
        [key],
      );
    }
  }

  entry(section: Section, raw: Readonly<Record<string, unknown>>, keys: KeyPath): void {
    const kind = CONFIG_OF[section];
    this.object(raw, ENTRY_KEYS[section], keys, kind);
    this.config(raw.config, kind, keys);
    this.columns(raw.columns, keys);
  }

  table(raw: Readonly<Record<string, unknown>>, keys: KeyPath): void {
    this.object(raw, TABLE_KEYS, keys, 'sources');
    this.config(raw.config, 'sources', keys);
    this.columns(raw.columns, keys);
  }

  private columns(columns: unknown, keys: KeyPath): void {
    if (!Array.isArray(columns)) return;
    for (let i = 0; i < columns.length; i++) {
      const column: unknown = columns[i];
      if (!isMapping(column)) continue;
      for (const key in column) {
        if (COLUMN_KEYS.has(key)) continue;
        const at = [...keys, 'columns', i];
        if (!COLUMN_CONFIG_KEYS.has(key)) this.custom(key, COLUMN_KEYS, at);
        else if (this.options.keyCheck === 'all') this.moved(key, at);
      }
      if (!isMapping(column.config)) continue;
      for (const key in column.config) {
        if (!COLUMN_CONFIG_KEYS.has(key))
          this.customConfig(key, COLUMN_CONFIG_KEYS, [...keys, 'columns', i, 'config']);
      }
    }
  }

  private object(
    raw: Readonly<Record<string, unknown>>,
    known: ReadonlySet<string>,
    keys: KeyPath,
    kind: ConfigKind,
  ): void {
    for (const key in raw) {
      if (known.has(key)) continue;
      if (CONFIG_KEYS[kind].has(key)) {
        if (this.options.keyCheck === 'all') this.moved(key, keys);
      } else if (key === 'overrides' && kind === 'sources') {
      } else {
        this.custom(key, known, keys);
      }
    }
  }

  private config(config: unknown, kind: ConfigKind, keys: KeyPath): void {
    if (!isMapping(config)) return;
    for (const key in config) {
      if (!CONFIG_KEYS[kind].has(key)) this.customConfig(key, USUAL_CONFIG_KEYS[kind], [...keys, 'config']);
    }
  }

  private custom(key: string, known: ReadonlySet<string>, keys: KeyPath): void {
    const near = nearest(key, known);
    if (this.options.keyCheck === 'near' && near === undefined) return;
    this.warn(
      'CustomKeyInObjectDeprecation',
      `Custom key \`${key}\` found at \`${dotted(keys)}\` in file \`${this.document.path}\`. This may mean the key is a typo, or is simply not a key supported by the object.`,
      near,
      [...keys, key],
    );
  }

  private customConfig(key: string, known: ReadonlySet<string>, keys: KeyPath): void {
    const near = nearest(key, known);
    if (this.options.keyCheck === 'near' && near === undefined) return;
    this.warn(
      'CustomKeyInConfigDeprecation',
      `Custom key \`${key}\` found in \`config\` at path \`${dotted(keys)}\` in file \`${this.document.path}\`. Custom config keys should move into the \`config.meta\`.`,
      near,
      [...keys, key],
    );
  }

  private moved(key: string, keys: KeyPath): void {
    const place = dotted(keys);
    this.warn(
      'PropertyMovedToConfigDeprecation',
      `Found \`${key}\` as a top-level property of \`${place}\` in file \`${this.document.path}\`. The \`${key}\` top-level property should be moved into the \`config\` of \`${place}\`.`,
      undefined,
      keys,
    );
  }

  /** dbt's text; what is near to a known key also gets its line. */
  private warn(event_name: string, msg: string, near: string | undefined, keys: KeyPath): void {
    const told = () => {
      const at = formatLocation(this.document.locate(keys, { key: true }));
      return `${msg}${msg.endsWith('.') ? '' : '.'} Did you mean \`${near}\`?\n  at ${at}`;
    };
    this.options.emit({ name: 'Deprecation', event_name, msg: near === undefined ? msg : told() });
  }
}

/** `models[0].columns[1]`. */
function dotted(keys: KeyPath): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
    '',
  );
}
