/** How AWS is asked: keys of a profile, and what an AWS client is made with. */
import type { ProfileReader } from './profile-reader.ts';

/** What is absent comes from the SDK's own chain: environment, ~/.aws, role of the machine. */
export interface AwsAccess {
  region: string | undefined;
  /** `iam_profile`: a name in ~/.aws. */
  profile: string | undefined;
  accessKeyId: string | undefined;
  secretAccessKey: string | undefined;
  sessionToken: string | undefined;
}

/** Throws SqError kind Runtime where only one half of a key is given. */
export function readAwsAccess(reader: ProfileReader, region: string | undefined): AwsAccess {
  const accessKeyId = reader.text('access_key_id');
  const secretAccessKey = reader.text('secret_access_key');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw reader.invalid(
      "'access_key_id' and 'secret_access_key' are both needed if providing explicit credentials",
    );
  }
  return {
    region,
    profile: reader.text('iam_profile'),
    accessKeyId,
    secretAccessKey,
    sessionToken: reader.text('session_token'),
  };
}

export interface AwsConfig {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** What every AWS client of an adapter is made with; `endpoint`: another address of its service. */
export function awsConfig(access: AwsAccess, endpoint: string | undefined): AwsConfig {
  const { region, profile, accessKeyId, secretAccessKey, sessionToken } = access;
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : {
          credentials: {
            accessKeyId,
            secretAccessKey,
            ...(sessionToken === undefined ? {} : { sessionToken }),
          },
        }),
  };
}
