import { UsageError } from './usage-error.ts';

/** Throws UsageError for a name that dbt would refuse in dbt_project.yml. */
export function checkProjectName(name: string): void {
  if (/^[A-Za-z_]\w*$/.test(name)) return;
  throw new UsageError(
    `Invalid value for 'NAME': '${name}' is not a valid project name: only letters, digits and underscores, and no digit first.`,
    'init',
  );
}
