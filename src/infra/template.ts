/** The template, from beside this module: in src/ while developing, in dist/infra/ when shipped. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const FILE = 'stack-template.yaml';

/** Text of the CloudFormation template. */
export function templateText(): string {
  const beside = fileURLToPath(new URL(FILE, import.meta.url));
  const shipped = fileURLToPath(new URL(`infra/${FILE}`, import.meta.url));
  return readFileSync(existsSync(beside) ? beside : shipped, 'utf8');
}

/** Names and types of its resources, in the order of the file. */
export function templateResources(): { id: string; type: string }[] {
  // functions of CloudFormation (`!Ref`) are of no interest here
  const { Resources } = parse(templateText(), { logLevel: 'silent' }) as {
    Resources: Record<string, { Type: string }>;
  };
  return Object.entries(Resources).map(([id, { Type: type }]) => ({ id, type }));
}
