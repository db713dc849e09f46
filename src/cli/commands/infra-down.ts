import { down } from '../../infra/index.ts';
import { infraCall } from '../infra-call.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<number> {
  const { other } = session.invocation.flags;
  const options = {
    ...infraCall(session),
    deleteData: other.delete_data === true,
    finalSnapshot: other.final_snapshot !== false,
  };
  return (await down(options)) ? 0 : 1;
}
