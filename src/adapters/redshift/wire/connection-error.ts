/** Why a connection did not come about, as a person can mend it. */
import { SqError } from '../../../errors.ts';

interface Place {
  host: string | undefined;
  port: number;
  user?: string | undefined;
  database?: string | undefined;
}

/** Codes of Node's sockets and TLS, SQLSTATEs of the server, and what they mean. */
const KINDS: readonly {
  matches: RegExp;
  code: string;
  message: (place: Place, text: string) => string;
  hint: string;
}[] = [
  {
    matches: /ENOTFOUND|EAI_AGAIN/,
    code: 'unknown-host',
    message: ({ host }) => `The host ${host} is not known.`,
    hint: 'check host in the profile: the endpoint stands in the console, without port and database; behind a VPN the name may be known inside only',
  },
  {
    matches: /ECONNREFUSED/,
    code: 'connection-refused',
    message: ({ host, port }) => `${host}:${port} refuses the connection.`,
    hint: 'check host and port (Redshift listens on 5439), and that the cluster is not paused',
  },
  {
    matches: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    code: 'unreachable',
    message: ({ host, port }) => `${host}:${port} cannot be reached.`,
    hint: 'open the port for this machine (security group of the cluster, publicly accessible or a VPN); driver: data_api needs no open port',
  },
  {
    matches: /ERR_TLS_CERT_ALTNAME_INVALID|Hostname\/IP does not match/,
    code: 'certificate-host',
    message: ({ host }, text) =>
      `The certificate of the server is not for ${host}: ${text.replace(/^.*altnames: /, '')}`,
    hint: 'give the endpoint itself as host; behind a tunnel or an alias: sslmode: verify-ca',
  },
  {
    matches:
      /self.signed|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)|unable to (?:verify|get)|CERT_(?:HAS_EXPIRED|UNTRUSTED)|certificate has expired/i,
    code: 'certificate',
    message: ({ host }, text) => `The certificate of ${host} is not trusted: ${text}.`,
    hint: 'name the authority that signed it with sslrootcert (PEM file); AWS publishes those of Redshift, and Node knows them',
  },
  {
    matches: /\b28P01\b|28000|password authentication failed|no password assigned/i,
    code: 'authentication',
    message: ({ host, user }, text) => `${host} does not let user '${user}' in: ${text}`,
    hint: 'check user and password of the profile; temporary credentials (method: iam) are for one cluster or workgroup and end after minutes',
  },
  {
    matches: /\b3D000\b|database .* does not exist/i,
    code: 'unknown-database',
    message: ({ host, database }) => `There is no database '${database}' on ${host}.`,
    hint: 'check dbname in the profile; a new cluster has the database dev',
  },
  {
    matches: /\b53300\b|too many connections|connection limit exceeded/i,
    code: 'too-many-connections',
    message: ({ host }, text) => `${host} takes no more connections: ${text}`,
    hint: 'use fewer threads, or raise the connection limit of the user',
  },
];

/** SqError kind Database; errors that are not known keep the words of the server. */
export function connectionError(thrown: unknown, place: Place): SqError {
  if (thrown instanceof SqError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const known = KINDS.find(({ matches }) => matches.test(code) || matches.test(text));
  return new SqError({
    kind: 'Database',
    code: known?.code ?? 'connection',
    message: known?.message(place, text) ?? `No connection to ${place.host}:${place.port}: ${text}`,
    hint: known?.hint ?? 'run `sq debug` to see which step fails',
    cause: thrown,
  });
}

export function missingCa(path: string, cause: unknown): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'missing-ca',
    message: `The file of sslrootcert cannot be read: ${path}`,
    hint: 'check the path; without sslrootcert the authorities that Node knows are used',
    cause,
  });
}
