/** `private: org/repo` to a URL for git: from DBT_ENV_PRIVATE_GIT_PROVIDER_INFO, else by SSH. */
import type { Invocation } from '../invocation.ts';
import { dependencyError } from './dependency-error.ts';

interface Provider {
  org: string;
  /** Holds `{token}`, and may hold `{repo}`, `{group}`, `{project}`. */
  url: string;
  token: string;
  provider: string;
}

/** Throws SqError (Dependency) when no provider is meant. The token is masked from then on. */
export function privateUrl(name: string, provider: string | undefined, invocation: Invocation): string {
  const text = invocation.env.DBT_ENV_PRIVATE_GIT_PROVIDER_INFO;
  const known = text ? (JSON.parse(text) as Provider[]) : [];
  if (known.length === 0) return sshUrl(name, provider);
  const [org = '', ...rest] = name.split('/');
  const repo = rest.pop() ?? '';
  const group = rest.join('/');
  for (const one of known) {
    invocation.secrets.add(one.token);
    if (one.org !== org || (provider !== undefined && family(provider) !== family(one.provider))) continue;
    const values: Record<string, string> = { token: one.token, repo, group, project: group };
    const url = one.url.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
    const path = new URL(url).pathname.replace(/^\/|\.git$/g, '').replace('/_git/', '/');
    if (path === name || (group === '' && path.startsWith(`${org}/`) && path.endsWith(`/${repo}`)))
      return url;
  }
  throw dependencyError(
    'private-package',
    `No matching Git URLs for private definition ${name} with provider ${provider ?? 'None'}`,
  );
}

/** Azure DevOps has three names. */
function family(provider: string): string {
  return ['azure_devops', 'azure_active_directory'].includes(provider) ? 'ado' : provider;
}

function sshUrl(name: string, provider = 'github'): string {
  switch (family(provider)) {
    case 'github':
      return `git@github.com:${name}.git`;
    case 'gitlab':
      return `git@gitlab.com:${name}.git`;
    case 'ado':
      if (name.split('/').length >= 3) return `git@ssh.dev.azure.com:v3/${name}`;
      throw dependencyError(
        'private-package',
        `The '${provider}' provider requires org/project/repo format (3 parts), got: '${name}'`,
      );
    default:
      throw dependencyError(
        'private-package',
        `Invalid private package configuration: '${name}' provider: '${provider}'. Valid providers are: github, gitlab, ado, azure_devops`,
      );
  }
}
