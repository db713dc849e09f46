/** DBT_ENV_CUSTOM_ENV_X (and DBT_ENGINE_ENV_CUSTOM_ENV_X) as X: metadata that users attach to logs and artefacts. */
export function customEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const match = /^DBT_(?:ENGINE_)?ENV_CUSTOM_ENV_(.+)$/.exec(name);
    if (match?.[1] && value !== undefined) found[match[1]] = value;
  }
  return found;
}
