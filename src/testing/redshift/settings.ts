/** SET, RESET and SHOW of settings. */
import { failure } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { hasSetting, OWN_SETTINGS, unknownSetting } from './protocol/settings.ts';
import { literalValue, type Statement } from './sql/tokens.ts';

export async function set(session: ClientSession, statement: Statement): Promise<void> {
  const reset = statement.is('RESET');
  const at = statement.is('SET SESSION|LOCAL') ? 2 : 1;
  const { parts, end } = statement.name(at);
  const name = parts.join('.');
  const known = ['time', 'all', 'session'].includes(name) || hasSetting(name) || name.includes('.');
  if (!known) throw unknownSetting(name);
  if (!(name in OWN_SETTINGS)) return session.forward(session.translate(statement.sql));
  const token = statement.list[end + 1];
  if (!reset && token === undefined) throw failure('42601', 'syntax error at end of input');
  const value =
    reset || token === undefined ? undefined : token.kind === 'string' ? literalValue(token) : token.text;
  if (value === undefined || value.toLowerCase() === 'default') session.settings.delete(name);
  else session.settings.set(name, value);
  if (name === 'enable_case_sensitive_identifier')
    session.caseSensitive = /^(on|true|t|1)$/i.test(session.settings.get(name) ?? 'off');
  session.complete(reset ? 'RESET' : 'SET');
}

export async function show(session: ClientSession, statement: Statement): Promise<void> {
  const name = statement.name(1).parts.join('.');
  if (name in OWN_SETTINGS) {
    session.result([name], [[session.settings.get(name) ?? (OWN_SETTINGS[name] as string)]]);
    return;
  }
  // Redshift has no server_version_num; the lists of drivers end here
  if (!hasSetting(name) && !['all', 'server_version', 'is_superuser', 'transaction'].includes(name))
    throw unknownSetting(name);
  if (name === 'server_version') session.result([name], [['8.0.2']]);
  else await session.forward(session.translate(statement.sql));
}
