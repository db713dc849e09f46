/** A node's own `query_group`: set for as long as the node has the session, which then is as it was. */
import type { Driver, Session } from '../contract.ts';
import { literal } from './dialect-literal.ts';

/** `usual` is the profile's, which each connection is set to when it is opened. */
export function withQueryGroups(driver: Driver, usual: string | undefined): Driver {
  const lend = driver.session.bind(driver);
  const restore = usual === undefined ? 'reset query_group' : `set query_group to ${literal(usual)}`;
  driver.session = (owner, work) => {
    const { queryGroup } = owner;
    if (queryGroup === undefined || queryGroup === usual) return lend(owner, work);
    return lend(owner, async (session: Session) => {
      await session.execute(`set query_group to ${literal(queryGroup)}`);
      try {
        return await work(session);
      } finally {
        // where the connection is gone, the setting is gone with it
        await session.rollback().catch(() => undefined);
        await session.execute(restore).catch(() => undefined);
      }
    });
  };
  return driver;
}
