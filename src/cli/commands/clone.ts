import { runNodes } from '../run-nodes.ts';
import type { Session } from '../session.ts';

export function run(session: Session): Promise<number> {
  return runNodes(session, 'clone');
}
