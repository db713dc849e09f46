/**
 * User and password of a connection. Those of IAM and Secrets Manager are asked for per connection: they end
 * after minutes, and a run may open its last connection hours after its first. What is asked is kept until
 * shortly before its end, so that eight threads ask once.
 */
import { SqError } from '../../../errors.ts';
import type { AwsConfig } from '../../shared/aws-access.ts';
import type { Endpoints, RedshiftSettings } from '../settings.ts';

export interface Credentials {
  user: string;
  password: string | undefined;
}

interface Kept {
  credentials: Credentials;
  /** Milliseconds since 1970 after which they are asked for anew. */
  until: number;
}

/** Seconds that temporary credentials live (the services allow 900 to 3,600). */
const LIFETIME = 900;
/** They are not used in their last minute. */
const MARGIN = 60_000;
/** A secret may be rotated; milliseconds it is kept. */
const SECRET_KEPT = 300_000;

export class CredentialSource {
  private kept: Kept | undefined;
  private asking: Promise<Credentials> | undefined;

  constructor(
    private readonly settings: RedshiftSettings,
    private readonly options: {
      now(): number;
      /** Every password is a secret of the run. */
      keepSecret(value: string): void;
    },
  ) {}

  /** Throws SqError kind Database when AWS does not give them. */
  async get(): Promise<Credentials> {
    const { settings, options } = this;
    if (settings.secretArn === undefined && settings.method === 'database') {
      return { user: settings.user ?? '', password: settings.password };
    }
    if (this.kept !== undefined && options.now() < this.kept.until) return this.kept.credentials;
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** After the server has refused them: the next connection asks anew. */
  forget(): void {
    this.kept = undefined;
  }

  private async ask(): Promise<Credentials> {
    const { settings, options } = this;
    const { awsConfig } = await import('../../shared/aws-access.ts');
    const config = (service: keyof Endpoints) => awsConfig(settings.aws, settings.aws.endpoints[service]);
    let kept: Kept;
    try {
      if (settings.secretArn !== undefined) {
        kept = await secretOf(settings.secretArn, config('secretsManager'), options.now());
      } else if (settings.workgroup !== undefined) {
        kept = await workgroupCredentials(settings, config('redshiftServerless'));
      } else {
        kept = await clusterCredentials(settings, config('redshift'));
      }
    } catch (thrown) {
      throw credentialError(thrown, settings);
    }
    if (kept.credentials.password !== undefined) options.keepSecret(kept.credentials.password);
    this.kept = kept;
    return kept.credentials;
  }
}

async function secretOf(secretArn: string, config: AwsConfig, now: number): Promise<Kept> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient(config);
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const secret = secretFields(SecretString);
    if (secret === undefined) throw notASecret(secretArn);
    return { credentials: secret, until: now + SECRET_KEPT };
  } finally {
    client.destroy();
  }
}

/** `{"username": …, "password": …, …}`, as Redshift's own secrets are. */
function secretFields(text: string | undefined): Credentials | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { username, password } = parsed as { username?: unknown; password?: unknown };
    return typeof username === 'string' && typeof password === 'string'
      ? { user: username, password }
      : undefined;
  } catch {
    return undefined;
  }
}

async function workgroupCredentials(settings: RedshiftSettings, config: AwsConfig): Promise<Kept> {
  const { RedshiftServerlessClient, GetCredentialsCommand } = await import(
    '@aws-sdk/client-redshift-serverless'
  );
  const client = new RedshiftServerlessClient(config);
  try {
    const given = await client.send(
      new GetCredentialsCommand({
        workgroupName: settings.workgroup,
        dbName: settings.database,
        durationSeconds: LIFETIME,
      }),
    );
    return keptUntil(given.dbUser, given.dbPassword, given.expiration);
  } finally {
    client.destroy();
  }
}

async function clusterCredentials(settings: RedshiftSettings, config: AwsConfig): Promise<Kept> {
  const sdk = await import('@aws-sdk/client-redshift');
  const client = new sdk.RedshiftClient(config);
  const common = {
    ClusterIdentifier: settings.clusterId,
    DbName: settings.database,
    DurationSeconds: LIFETIME,
  };
  try {
    const given =
      settings.method === 'iam_role'
        ? await client.send(new sdk.GetClusterCredentialsWithIAMCommand(common))
        : await client.send(
            new sdk.GetClusterCredentialsCommand({
              ...common,
              ClusterIdentifier: settings.clusterId ?? '',
              DbUser: settings.user ?? '',
              AutoCreate: settings.autocreate,
              ...(settings.dbGroups.length === 0 ? {} : { DbGroups: settings.dbGroups }),
            }),
          );
    return keptUntil(given.DbUser, given.DbPassword, given.Expiration);
  } finally {
    client.destroy();
  }
}

function keptUntil(
  user: string | undefined,
  password: string | undefined,
  expiration: Date | undefined,
): Kept {
  if (user === undefined || password === undefined) throw new Error('the answer holds no user and password');
  return { credentials: { user, password }, until: (expiration?.getTime() ?? 0) - MARGIN };
}

function notASecret(secretArn: string): SqError {
  return new SqError({
    kind: 'Database',
    code: 'secret',
    message: `The secret ${secretArn} does not hold username and password as JSON.`,
    hint: 'store it as {"username": "…", "password": "…"}: the kind "Credentials for Amazon Redshift"',
  });
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /CredentialsProviderError|Could not load credentials/i,
    'sign in to AWS (aws sso login, environment variables, iam_profile, or a role of this machine)',
  ],
  [
    /ExpiredToken|expired/i,
    'the AWS session has ended: sign in again (aws sso login), then run `sq retry` for what is left',
  ],
  [
    /AccessDenied|not authorized/i,
    'allow the action named above for this identity (redshift:GetClusterCredentials, redshift:GetClusterCredentialsWithIAM, redshift-serverless:GetCredentials or secretsmanager:GetSecretValue)',
  ],
  [/NotFound/i, 'check cluster_id, serverless_work_group or secret_arn, and region'],
  [/Region is missing/i, 'set region in the profile'],
];

function credentialError(thrown: unknown, settings: RedshiftSettings): SqError {
  if (thrown instanceof SqError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const subject =
    settings.secretArn ??
    (settings.workgroup === undefined ? `cluster ${settings.clusterId}` : `workgroup ${settings.workgroup}`);
  const words = `${error.name}: ${error.message}`;
  return new SqError({
    kind: 'Database',
    code: 'aws-credentials',
    message: `AWS gives no database credentials for ${subject}: ${words}`,
    hint: ADVICE.find(([pattern]) => pattern.test(words))?.[1],
    cause: thrown,
  });
}
