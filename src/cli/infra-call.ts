/** What the three commands of `sq infra` have in common: their options, the person to ask, the lines. */
import { SqError } from '../errors.ts';
import type { InfraOptions } from '../infra/index.ts';
import type { Session } from './session.ts';
import { yesOrNo } from './yes-or-no.ts';

const NAME = /^[a-z][a-z0-9-]{2,40}$/;

export function infraCall(session: Session): InfraOptions {
  const { invocation } = session;
  const { other } = invocation.flags;
  const name = typeof other.name === 'string' ? other.name : nameOfProject(session);
  if (!NAME.test(name)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'infra-name',
      message: `'${name}' cannot name a workgroup: lower-case letters, digits and hyphens, 3 to 41 characters, a letter first.`,
      hint: 'choose one with --name: --name sparkify',
    });
  }
  return {
    invocation,
    name,
    region: regionOf(session),
    say: (msg) => invocation.emit({ name: 'Note', msg }),
    confirm: (question) => (other.yes === true ? Promise.resolve(true) : asked(question)),
  };
}

function nameOfProject({ projectFile }: Session): string {
  const name = projectFile?.values.name;
  if (typeof name === 'string') return name.toLowerCase().replaceAll('_', '-');
  throw new SqError({
    kind: 'Runtime',
    code: 'infra-name',
    message: 'There is no project here whose name the stack could have.',
    hint: 'say --name sparkify, or go into the folder of dbt_project.yml',
  });
}

function regionOf({ invocation: { env, flags } }: Session): string | undefined {
  const { region } = flags.other;
  return (typeof region === 'string' ? region : env.AWS_REGION || env.AWS_DEFAULT_REGION) || undefined;
}

/** Without a person to ask, nothing that costs money or deletes is done. */
async function asked(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new SqError({
      kind: 'Runtime',
      code: 'infra-confirm',
      message: 'Nothing was changed: there is nobody to ask here.',
      hint: 'the same with --yes does it',
    });
  }
  return yesOrNo(question, { input: process.stdin, output: process.stdout });
}
