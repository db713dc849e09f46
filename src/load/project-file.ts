/** Finding dbt_project.yml and reading it: the text as a document, nothing rendered, nothing checked but shape. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { YamlDocument } from './contract.ts';
import { isMapping, pythonTypeName } from './values.ts';
import { parseYaml } from './yaml/document.ts';

export const PROJECT_FILE = 'dbt_project.yml';

/** dbt_project.yml as written. */
export interface ProjectFileContents {
  /** Absolute folder that holds it. */
  root: string;
  text: string;
  document: YamlDocument;
  values: Readonly<Record<string, unknown>>;
  /** `profile:`, not rendered. */
  profile: unknown;
  /** `flags:`; empty when there are none. */
  flags: Readonly<Record<string, unknown>>;
}

/**
 * The project's folder: `--project-dir`, or the nearest folder with a dbt_project.yml from the working folder
 * upwards. Throws kind Runtime, code `no-project`.
 */
export function findProjectFolder(invocation: Pick<Invocation, 'cwd' | 'flags'>): string {
  const { cwd, flags } = invocation;
  if (flags.projectDir !== undefined) {
    const folder = resolve(cwd, flags.projectDir);
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    throw missing(
      folder,
      `--project-dir names a folder that ${isFolder(folder) ? 'holds no project' : 'does not exist'}`,
    );
  }
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (dirname(folder) === folder) {
      throw missing(
        cwd,
        'go to a folder of a project, name one with --project-dir, or start one with sq init',
      );
    }
  }
}

/** Reads dbt_project.yml of `root`. Throws kind Runtime for a missing file, bad YAML, or no mapping. */
export function readProjectFile(root: string): ProjectFileContents {
  let text: string;
  try {
    text = readFileSync(join(root, PROJECT_FILE), 'utf8');
  } catch (error) {
    throw missing(root, undefined, error);
  }
  const document = parseYaml(text, PROJECT_FILE);
  const { value } = document;
  if (!isMapping(value)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'project-not-mapping',
      message: `${PROJECT_FILE} does not parse to a dictionary`,
      at: { path: PROJECT_FILE },
      hint: `it holds ${value === null ? 'nothing' : `a ${pythonTypeName(value)}`}; the least it needs is a line name: my_project`,
    });
  }
  return {
    root,
    text,
    document,
    values: value,
    profile: value.profile,
    flags: isMapping(value.flags) ? value.flags : {},
  };
}

function missing(folder: string, hint: string | undefined, cause?: unknown): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'no-project',
    message: `No ${PROJECT_FILE} found at expected path ${join(folder, PROJECT_FILE)}`,
    hint,
    cause,
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
