import { expect, it } from 'vitest';
import { createInvocation } from '../../invocation.ts';
import { sparkSettings } from './settings.ts';

const context = {
  projectDir: '/shop',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'dev',
  invocation: createInvocation({ cwd: '/shop', env: {} }),
};
const tls = (output: Record<string, unknown>) =>
  (sparkSettings({ type: 'spark', schema: 's', ...output }, context).own as { tls: boolean }).tls;

it('a token goes over TLS unless the profile says no; env_var answers those words as text', () => {
  expect([
    tls({}),
    tls({ token: 't' }),
    tls({ token: 't', use_ssl: false }),
    tls({ use_ssl: 'true' }),
    tls({ use_ssl: 'False' }),
  ]).toEqual([false, true, false, true, false]);
});

it('another word is an error', () => {
  expect(() => tls({ use_ssl: 'yes' })).toThrow(
    `Credentials in profile "shop", target "dev" invalid: 'use_ssl' is "yes", it must be true or false`,
  );
});
