/** What to do about an error of a statement, where the server does not say it. */
import type { PostgresSettings } from './settings.ts';

export function statementHint(
  code: string | undefined,
  message: string,
  { user, role }: Pick<PostgresSettings, 'user' | 'role'>,
): string | undefined {
  const who = role ?? user;
  switch (code) {
    case '42501': {
      const schema = /schema (\S+)/.exec(message)?.[1];
      if (schema !== undefined) return `grant usage, create on schema ${schema} to ${who}`;
      if (/database/.test(message))
        return `grant create on database … to ${who}, or have the schema created for it`;
      return `${who} lacks a privilege or is not the owner: an owner or superuser must grant it`;
    }
    case '2BP01':
      return 'something that is no model of this project depends on it; change that, or set `drop_cascade: true` on this node to drop it as well';
    case '55P03':
    case '40P01':
      return 'another session holds the lock: pg_stat_activity and pg_blocking_pids() say which';
    case '53100':
      return 'the disk of the server is full';
    case '22P02':
    case '22007':
    case '22008':
      return 'a text is cast to a type it does not fit';
    default:
      return undefined;
  }
}
