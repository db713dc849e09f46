/** A session of EMR Serverless as the address of a Spark Connect server. */
import type { OpenOptions } from '../../contract.ts';
import { kept } from '../../shared/kept.ts';
import type { ConnectAccess } from '../connect/access.ts';
import { EmrApi } from './api.ts';
import { ServerlessSession } from './serverless-session.ts';
import { SessionAccess } from './session-access.ts';
import type { EmrSettings } from './settings.ts';

export interface EmrAddress {
  host: string;
  port: number;
  access: ConnectAccess;
  /** Ends the session, unless another driver of this command uses it too. */
  close(): Promise<void>;
}

/** Throws SqError where there is no session to be had. */
export async function openEmr(
  own: EmrSettings,
  { invocation }: Pick<OpenOptions, 'invocation'>,
): Promise<EmrAddress> {
  const { value, close } = await kept(invocation.signal, `emr ${JSON.stringify(own)}`, async () => {
    const api = await EmrApi.open(own);
    try {
      const session = await ServerlessSession.ready({ api, own, invocation });
      return await reached({ api, session, invocation });
    } catch (error) {
      api.close();
      throw error;
    }
  });
  return { ...value, close };
}

async function reached({
  api,
  session,
  invocation,
}: {
  api: EmrApi;
  session: ServerlessSession;
  invocation: OpenOptions['invocation'];
}): Promise<{ value: Omit<EmrAddress, 'close'>; close(): Promise<void> }> {
  try {
    const endpoint = await session.endpoint();
    invocation.emit({
      name: 'SqNotice',
      topic: 'emr',
      msg: `${session.name} is reached at ${endpoint.host}:${endpoint.port}`,
    });
    const access = new SessionAccess(session, endpoint, {
      now: () => Date.now(),
      keepSecret: (value) => invocation.secrets.add(value),
    });
    const { host, port } = endpoint;
    return {
      value: { host, port, access },
      close: async () => {
        await session.end();
        api.close();
      },
    };
  } catch (error) {
    await session.end();
    throw error;
  }
}
