/** Temporary credentials: GetClusterCredentials(WithIAM), serverless GetCredentials, Secrets Manager. */
import { randomBytes } from 'node:crypto';
import type { DoubleUser } from '../protocol/auth.ts';
import type { World } from '../world.ts';
import { AwsError, validation } from './errors.ts';

export interface CredentialOptions {
  clusterId: string;
  workgroup: string;
  secretArn: string;
  administrator: DoubleUser;
  port: number;
}

export class Credentials {
  constructor(
    private readonly world: World,
    private readonly options: CredentialOptions,
    private readonly addUser: (user: DoubleUser) => Promise<void>,
  ) {}

  /** `Action=GetClusterCredentials`: DbUser, DbName, AutoCreate, DurationSeconds. */
  async ofCluster(
    form: URLSearchParams,
    identity: boolean,
  ): Promise<{ user: string; password: string; expires: Date }> {
    const cluster = form.get('ClusterIdentifier') ?? '';
    if (cluster !== this.options.clusterId)
      throw new AwsError('ClusterNotFound', `Cluster ${cluster} not found.`, 404);
    const seconds = Number(form.get('DurationSeconds') ?? 900);
    if (seconds < 900 || seconds > 3600)
      throw new AwsError(
        'InvalidParameterValue',
        `Invalid value for DurationSeconds: ${seconds}. Must be between 900 and 3600.`,
      );
    const database = form.get('DbName');
    if (database !== null && database !== this.world.database && !identity)
      return this.issue(`IAM:${form.get('DbUser')}`, seconds);
    if (identity) return this.issue('IAMR:sq', seconds);
    const name = form.get('DbUser') ?? '';
    const create = form.get('AutoCreate') === 'true';
    return this.issue(
      `${create ? 'IAMA' : 'IAM'}:${name}`,
      seconds,
      create || this.world.users.has(name) ? name : undefined,
    );
  }

  /** Serverless: workgroupName, dbName, durationSeconds. */
  async ofWorkgroup(request: { workgroupName?: string; durationSeconds?: number }): Promise<unknown> {
    if (request.workgroupName !== this.options.workgroup)
      throw new AwsError(
        'ResourceNotFoundException',
        `Workgroup ${request.workgroupName ?? ''} not found.`,
        404,
      );
    const seconds = request.durationSeconds ?? 900;
    if (seconds < 900 || seconds > 3600) throw validation('durationSeconds must be between 900 and 3600');
    const { user, password, expires } = await this.issue('IAMR:sq', seconds);
    return {
      dbUser: user,
      dbPassword: password,
      expiration: expires.getTime() / 1000,
      nextRefreshTime: expires.getTime() / 1000,
    };
  }

  async secret({ SecretId = '' }: { SecretId?: string }): Promise<unknown> {
    const { secretArn, administrator, port, clusterId } = this.options;
    const name = secretArn.split(':secret:')[1];
    if (SecretId !== secretArn && SecretId !== name?.replace(/-\w{6}$/, ''))
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    const text = {
      username: administrator.name,
      password: administrator.password,
      engine: 'redshift',
      host: '127.0.0.1',
      port,
      dbname: this.world.database,
      dbClusterIdentifier: clusterId,
    };
    return {
      ARN: secretArn,
      Name: name,
      VersionId: '1',
      SecretString: JSON.stringify(text),
      CreatedDate: 0,
      VersionStages: ['AWSCURRENT'],
    };
  }

  /** A user of this name with a password that ends; `known` is the user of the database it stands for. */
  private async issue(
    user: string,
    seconds: number,
    known?: string,
  ): Promise<{ user: string; password: string; expires: Date }> {
    const password = randomBytes(24).toString('base64');
    const expires = new Date(Date.now() + seconds * 1000);
    const like = known === undefined ? undefined : this.world.users.get(known);
    const allowed = known !== undefined || user.startsWith('IAMR:');
    if (allowed)
      await this.addUser({
        name: user,
        password,
        expires: expires.getTime(),
        superuser: like?.superuser ?? true,
      });
    return { user, password, expires };
  }
}
