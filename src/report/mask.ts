import { scrub } from '../invocation.ts';

/** `text` with every secret masked; in JSON a secret may stand escaped, so that form is looked for too. */
export function maskJson(text: string, secrets: ReadonlySet<string>): string {
  if (secrets.size === 0) return text;
  const forms = new Set(secrets);
  for (const secret of secrets) forms.add(JSON.stringify(secret).slice(1, -1));
  return scrub(text, forms);
}
