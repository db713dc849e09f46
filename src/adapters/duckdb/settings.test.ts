import { describe, expect, it } from 'vitest';
import type { SqEvent } from '../../events.ts';
import { createInvocation } from '../../invocation.ts';
import type { SettingsContext } from '../contract.ts';
import { attachSql } from './attachment.ts';
import { type DuckDbSettings, duckDbSettings } from './settings.ts';

const events: SqEvent[] = [];
const context: SettingsContext = {
  projectDir: '/p',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'dev',
  invocation: createInvocation({ cwd: '/work', env: {}, emit: (event) => events.push(event) }),
};
const read = (output: Record<string, unknown>) => duckDbSettings({ type: 'duckdb', ...output }, context);
const messageOf = (output: Record<string, unknown>) => {
  try {
    read(output);
  } catch (error) {
    return (error as { text: string }).text;
  }
  return 'accepted';
};

describe('a duckdb output of profiles.yml', () => {
  it('is in memory, schema main, one thread by default', () => {
    const settings = read({});
    expect(settings).toMatchObject({ database: 'memory', schema: 'main', threads: 1, secrets: [] });
    expect(settings.own).toMatchObject({ path: ':memory:', lockTimeout: 60 });
  });

  it('names the database after the file and counts relative paths from the current folder', () => {
    const settings = read({ path: 'data/dev.v2.duckdb', schema: 'analytics', threads: '4' });
    expect(settings).toMatchObject({ database: 'dev.v2', schema: 'analytics', threads: 4 });
    expect((settings.own as DuckDbSettings).path).toBe('/work/data/dev.v2.duckdb');
    expect(settings.shown).toEqual({ path: 'data/dev.v2.duckdb', external_root: '.' });
  });

  it('keeps secrets out of what is shown and lists them for masking', () => {
    const settings = read({
      secrets: [{ type: 's3', key_id: 'AKIA', secret: 'hush' }],
      settings: { s3_secret_access_key: 'quiet', threads: 2 },
    });
    expect(settings.secrets).toEqual(['AKIA', 'hush', 'quiet']);
    expect(JSON.stringify(settings.shown)).not.toContain('hush');
  });

  it.each([
    [
      { paht: 'x' },
      'Runtime Error\n  Credentials in profile "shop", target "dev" invalid: Additional properties are not allowed (\'paht\' was unexpected)\n  hint: did you mean \'path\'?',
    ],
    [
      { threads: 'many' },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: 'threads' is "many", it must be a number`,
    ],
    [
      { threads: 0 },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: 'threads' is 0, it must be at least 1`,
    ],
    [
      { path: ['a'] },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: 'path' is ["a"], it must be a text`,
    ],
    [
      { path: 'a.duckdb', database: 'b' },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: Inconsistency detected between 'path' and 'database' fields in profile; the 'database' property must be set to 'a' to match the 'path'`,
    ],
    [
      { path: 'md:my_db' },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: 'path' is 'md:my_db': MotherDuck is not supported\n  hint: give the path of a local DuckDB file`,
    ],
    [
      { attach: [{ alias: 'x' }] },
      `Runtime Error\n  Credentials in profile "shop", target "dev" invalid: an entry of 'attach' needs a 'path', got {"alias":"x"}`,
    ],
  ])('refuses %j', (output, message) => {
    expect(messageOf(output)).toBe(message);
  });

  it('says which keys of dbt-duckdb are not used', () => {
    events.length = 0;
    read({ plugins: [{ module: 'excel' }] });
    expect(events).toEqual([
      {
        name: 'SqNotice',
        topic: 'profile',
        msg: "profile key 'plugins' of dbt-duckdb needs Python and is not used",
      },
    ]);
  });

  it('spells ATTACH', () => {
    const own = read({
      attach: [
        { path: "o'neil.duckdb" },
        { path: 'x.db', alias: 'other', type: 'duckdb', read_only: true, options: { block_size: 16384 } },
      ],
    }).own as DuckDbSettings;
    expect(own.attach.map(attachSql)).toEqual([
      "ATTACH IF NOT EXISTS 'o''neil.duckdb'",
      `ATTACH IF NOT EXISTS 'x.db' AS "other" (TYPE duckdb, READ_ONLY, BLOCK_SIZE 16384)`,
    ]);
  });
});
