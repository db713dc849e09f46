/** Errors of COPY that no row is to blame for: role, bucket, region, manifest. */
import { StatementError } from '../../shared/statement-error.ts';
import type { LoadOrder } from './load-order.ts';

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /not authorized to (?:assume|get credentials)|not authorized to assume|is not attached|Invalid IAM role|InvalidRole|no default (?:iam )?role/i,
    'attach the role to the cluster or namespace (console: Properties, Associated IAM roles), or name one that is in copy_iam_role of the profile or iam_role among the options of the source',
  ],
  [
    /PermanentRedirect|301|must be addressed using the specified endpoint|incorrect region|not in the same region/i,
    'the bucket is in another region than the warehouse: options: {region: us-west-2} with the region of the bucket (parquet files must be in the same region)',
  ],
  [
    /AccessDenied|Access Denied|403/i,
    'the role of COPY needs s3:GetObject and s3:ListBucket on the data, and s3:GetObject below s3_staging_dir',
  ],
  [
    /prefix .* does not exist|NoSuchKey|404/i,
    'the object was there when sq listed it: look whether another job deletes it',
  ],
  [/jsonpaths/i, 'the JSONPaths file must have one path for each column, in their order'],
];

/** The same error with advice where there is some; what is no error of the server passes as it is. */
export function copyError(error: unknown, { role, source }: LoadOrder): unknown {
  if (!(error instanceof StatementError)) return error;
  const advice = ADVICE.find(([pattern]) => pattern.test(error.engine.message))?.[1];
  const message = `${error.engine.message}\nsource ${source.name} at ${source.location}, iam_role ${role}`;
  return new StatementError(
    'Database',
    { ...error.engine, message },
    {
      cause: error,
      ...(advice === undefined ? (error.hint === undefined ? {} : { hint: error.hint }) : { hint: advice }),
    },
  );
}
