/** Versions and ranges of hub packages, by dbt's rules: three numbers, an operator, ranges that narrow each other. */
import { dependencyError } from './dependency-error.ts';

export interface Version {
  parts: readonly [number, number, number];
  prerelease: string | undefined;
}

type Matcher = '>' | '>=' | '<' | '<=' | '=';

export interface Requirement extends Version {
  matcher: Matcher;
}

export interface Range {
  start: Requirement | undefined;
  end: Requirement | undefined;
}

const PATTERN =
  /^(>=|<=|>|<|=)?\s*(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-?([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Throws SqError (Dependency) for a text that is no version. */
export function parseRequirement(text: string): Requirement {
  const match = PATTERN.exec(text.trim());
  if (match === null) {
    throw dependencyError('version', `"${text}" is not a valid semantic version.`, {
      hint: 'write three numbers, as in ">=1.2.0"; several requirements are a list: [">=1.0.0", "<2.0.0"]',
      kind: 'Runtime',
    });
  }
  return {
    matcher: (match[1] ?? '=') as Matcher,
    parts: [Number(match[2]), Number(match[3]), Number(match[4])],
    prerelease: match[5],
  };
}

export function compareVersions(one: Version, other: Version): number {
  for (const i of [0, 1, 2] as const)
    if (one.parts[i] !== other.parts[i]) return one.parts[i] - other.parts[i];
  if (one.prerelease === other.prerelease) return 0;
  if (one.prerelease === undefined) return 1;
  if (other.prerelease === undefined) return -1;
  return one.prerelease.localeCompare(other.prerelease, 'en', { numeric: true });
}

export function requirementText({ matcher, parts, prerelease }: Requirement): string {
  return `${matcher}${parts.join('.')}${prerelease === undefined ? '' : `-${prerelease}`}`;
}

export function rangeText({ start, end }: Range): string {
  const ends = [start, end].filter((one) => one !== undefined).map(requirementText);
  return ends.length === 0 ? 'ANY' : ends.join(', ');
}

/** What meets every requirement. Throws SqError (Dependency) when nothing can. */
export function rangeOf(packageName: string, requirements: readonly Requirement[]): Range {
  const range: Range = { start: undefined, end: undefined };
  for (const one of requirements) {
    if (one.matcher !== '<' && one.matcher !== '<=') range.start = stricter(range.start, one, 1);
    if (one.matcher !== '>' && one.matcher !== '>=') range.end = stricter(range.end, one, -1);
  }
  if (isEmpty(range)) {
    const options = requirements.map((one) => `'${requirementText(one)}'`).join(', ');
    throw dependencyError(
      'version-conflict',
      `Version error for package ${packageName}: Could not find a satisfactory version from options: [${options}]`,
      {
        hint: 'the packages of the project ask for versions that exclude each other: choose others of these',
      },
    );
  }
  return range;
}

function stricter(known: Requirement | undefined, one: Requirement, direction: 1 | -1): Requirement {
  if (known === undefined) return one;
  const order = compareVersions(one, known) * direction;
  if (order !== 0) return order > 0 ? one : known;
  return one.matcher === '>' || one.matcher === '<' ? one : known;
}

function isEmpty({ start, end }: Range): boolean {
  if (start === undefined || end === undefined) return false;
  const order = compareVersions(start, end);
  return order > 0 || (order === 0 && (start.matcher === '>' || end.matcher === '<'));
}

export function isWithin(version: Version, { start, end }: Range): boolean {
  if (start !== undefined) {
    const order = compareVersions(version, start);
    if (order < 0 || (order === 0 && start.matcher === '>')) return false;
  }
  if (end !== undefined) {
    const order = compareVersions(version, end);
    if (order > 0 || (order === 0 && end.matcher === '<')) return false;
  }
  return true;
}
