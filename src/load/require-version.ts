/** `require-dbt-version`: which versions of dbt a project says it works with. */
import { SqError } from '../errors.ts';

interface Specifier {
  matcher: '>' | '>=' | '<' | '<=' | '=';
  parts: readonly [number, number, number];
  prerelease: string | undefined;
}

const PATTERN =
  /^\s*(=|>=|<=|>|<)?\s*(\d+)\.(\d+)\.(\d+)(?:-?((?:a|b|rc)\d*|[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\s*$/;

/** `>=1.0.0, <2.0.0`, or a list of such texts, as single requirements. */
export function versionRequirements(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => String(item).split(',')).map((item) => item.trim());
}

/**
 * Throws kind Runtime when `installed` does not meet `requirements` (code `dbt-version`), when nothing could
 * (`dbt-version-impossible`), or when one is not a version (`dbt-version-invalid`).
 */
export function checkVersion(requirements: readonly string[], installed: string, packageName: string): void {
  const specifiers = requirements.map(parse);
  const shown = `[${specifiers.map((one) => `'${text(one)}'`).join(', ')}]`;
  if (isImpossible(specifiers)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'dbt-version-impossible',
      message: `The package version requirement can never be satisfied for the '${packageName}\npackage.\n  Required versions of dbt for '${packageName}': ${shown}\nCheck for a different version of the '${packageName}' package, or run dbt again with --no-version-check\n`,
    });
  }
  const own = parse(installed);
  if (!specifiers.every((one) => meets(own, one))) {
    throw new SqError({
      kind: 'Runtime',
      code: 'dbt-version',
      message: `This version of dbt is not supported with the '${packageName}' package.\n  Installed version of dbt: ${text(own)}\n  Required version of dbt for '${packageName}': ${shown}\nCheck for a different version of the '${packageName}' package, or run dbt again with --no-version-check\n`,
      hint: `sq behaves as dbt ${installed}; require-dbt-version in dbt_project.yml asks for another`,
    });
  }
}

function parse(spec: string): Specifier {
  const match = PATTERN.exec(spec);
  if (!match) {
    throw new SqError({
      kind: 'Runtime',
      code: 'dbt-version-invalid',
      message: `"${spec}" is not a valid semantic version.`,
      hint: 'write three numbers: require-dbt-version: ">=1.8.0"',
    });
  }
  return {
    matcher: (match[1] ?? '=') as Specifier['matcher'],
    parts: [Number(match[2]), Number(match[3]), Number(match[4])],
    prerelease: match[5],
  };
}

function text(one: Specifier): string {
  return `${one.matcher}${one.parts.join('.')}${one.prerelease === undefined ? '' : `-${one.prerelease}`}`;
}

function compare(a: Specifier, b: Specifier): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.parts[i] as number) - (b.parts[i] as number);
    if (difference !== 0) return difference;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === undefined) return 1;
  if (b.prerelease === undefined) return -1;
  return a.prerelease.localeCompare(b.prerelease, 'en', { numeric: true });
}

function meets(version: Specifier, one: Specifier): boolean {
  const order = compare(version, one);
  switch (one.matcher) {
    case '=':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
  }
}

/** True when two of them exclude each other. */
function isImpossible(specifiers: readonly Specifier[]): boolean {
  return specifiers.some((a) =>
    specifiers.some((b) => {
      const order = compare(a, b);
      if (a.matcher === '=') return !meets(a, b);
      if (!a.matcher.startsWith('>') || !b.matcher.startsWith('<')) return false;
      return order > 0 || (order === 0 && !(a.matcher === '>=' && b.matcher === '<='));
    }),
  );
}
