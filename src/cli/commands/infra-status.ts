import { status } from '../../infra/index.ts';
import { infraCall } from '../infra-call.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  return (await status(infraCall(session))) ? 0 : 1;
}
