import { expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import { checkVersion, versionRequirements } from './require-version.ts';

function failure(value: unknown): string | undefined {
  try {
    checkVersion(versionRequirements(value), '1.12.3', 'shop');
  } catch (error) {
    if (error instanceof SqError) return error.message;
    throw error;
  }
  return undefined;
}

it.each(['>=1.0.0', '>=1.6.0,<2.0.0', '1.12.3', '<1.13.0-rc1', '>1.12.3-rc1', '>= 1.0.0 , <= 1.12.3'])(
  '%s is met',
  (spec) => {
    expect(failure(spec)).toBeUndefined();
  },
);

it('takes a list', () => expect(failure(['>=1.0.0', '<2.0.0'])).toBeUndefined());

it('tells what is installed and what is asked for', () => {
  expect(failure(['>=1.0.0', '<1.5.0'])).toBe(
    [
      "This version of dbt is not supported with the 'shop' package.",
      '  Installed version of dbt: =1.12.3',
      "  Required version of dbt for 'shop': ['>=1.0.0', '<1.5.0']",
      "Check for a different version of the 'shop' package, or run dbt again with --no-version-check",
      '',
    ].join('\n'),
  );
});

it.each(['>2.0.0,<1.0.0', '=1.0.0,>1.0.0', '>=1.0.0,<1.0.0'])('%s can never be met', (spec) => {
  expect(failure(spec)).toMatch(
    /^The package version requirement can never be satisfied for the 'shop\npackage\./,
  );
});

it('is no version', () => expect(failure('>=1.8')).toBe('">=1.8" is not a valid semantic version.'));
