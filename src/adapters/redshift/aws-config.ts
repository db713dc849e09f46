/** What every AWS client of this adapter is made with. */
import type { AwsAccess, Endpoints } from './settings.ts';

export interface AwsConfig {
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Values that are absent are left to the SDK's own chain. */
export function awsConfig(access: AwsAccess, service: keyof Endpoints): AwsConfig {
  const { region, profile, accessKeyId, secretAccessKey, sessionToken } = access;
  const endpoint = access.endpoints[service];
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
