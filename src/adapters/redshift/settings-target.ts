/** Which cluster or workgroup is meant: by address, by name, or by what the address says. */
import type { ProfileReader } from '../shared/profile-reader.ts';

export interface ConnectionTarget {
  /** Undefined where only the Data API is used. */
  host: string | undefined;
  port: number;
  /** Identifier of a provisioned cluster. */
  clusterId: string | undefined;
  /** Name of a serverless workgroup. */
  workgroup: string | undefined;
  region: string | undefined;
}

interface Wanted {
  driver: 'wire' | 'data_api';
  method: 'database' | 'iam' | 'iam_role';
}

/** `name.account.region.redshift-serverless.amazonaws.com` and `name.hash.region.redshift.amazonaws.com`. */
const ADDRESS = /^([^.]+)\.[^.]+\.([a-z0-9-]+)\.(redshift|redshift-serverless)\.amazonaws\.com(?:\.cn)?$/i;

/** Throws SqError kind Runtime for a target that cannot be reached as the profile says. */
export function connectionTarget(reader: ProfileReader, { driver, method }: Wanted): ConnectionTarget {
  const host = reader.text('host');
  const parts = host === undefined ? null : ADDRESS.exec(host);
  const serverless = parts?.[3]?.toLowerCase() === 'redshift-serverless';
  const givenCluster = reader.text('cluster_id');
  const givenGroup = reader.text('serverless_work_group');
  if (givenCluster !== undefined && givenGroup !== undefined) {
    throw reader.invalid("'cluster_id' and 'serverless_work_group' exclude each other: name the one you use");
  }
  const workgroup = givenGroup ?? (serverless && givenCluster === undefined ? parts?.[1] : undefined);
  const clusterId =
    givenCluster ?? (!serverless && givenGroup === undefined && parts !== null ? parts[1] : undefined);
  const port = reader.integer('port', 1) ?? 5439;
  if (port > 65_535) throw reader.invalid(`'port' is ${port}, it must be at most 65535`);

  if (driver === 'wire' && host === undefined) {
    throw reader.invalid(
      "'host' is a required property",
      'give the endpoint of the cluster or workgroup, or driver: data_api, which needs none',
    );
  }
  const named = clusterId !== undefined || workgroup !== undefined;
  if (!named && (driver === 'data_api' || method !== 'database')) {
    throw reader.invalid(
      driver === 'data_api'
        ? "driver 'data_api' needs 'cluster_id' or 'serverless_work_group'"
        : `method '${method}' needs 'cluster_id' or 'serverless_work_group', the host does not tell it`,
    );
  }
  return { host, port, clusterId, workgroup, region: reader.text('region') ?? parts?.[2] };
}
