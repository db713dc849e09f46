import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SqError } from '../../errors.ts';
import { checkProjectName } from '../project-name.ts';
import type { Session } from '../session.ts';
import { starterProject } from '../starter-project.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const name = session.argument ?? (await askedName());
  checkProjectName(name);
  const folder = join(invocation.cwd, name);
  if (existsSync(folder)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'project-exists',
      message: `A project called ${name} already exists here.`,
      hint: `choose another name, or go into the folder ${name}`,
    });
  }
  for (const [path, text] of Object.entries(starterProject(name))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  invocation.emit({ name: 'ProjectCreated', project_name: name });
  return 0;
}

async function askedName(): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question('Name of the project (letters, digits, underscore): ')).trim();
  } finally {
    lines.close();
  }
}
