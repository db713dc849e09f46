/** What a run shares about the warehouse: the driver, what stands there, and how templates look at it. */
import type { Driver } from '../adapters/contract.ts';
import type { Inspector } from '../context/inspector.ts';
import type { ProjectContext } from '../parse/contract.ts';
import { createInspector, type NodeSessions } from './inspector.ts';
import { RelationCache } from './relations.ts';

export interface Warehouse {
  driver: Driver;
  relations: RelationCache;
  /** Sessions of nodes that are being built; templates of the node are answered on them. */
  sessions: NodeSessions;
  /** To be given to `createCompiler`. */
  inspector: Inspector;
}

export interface WarehouseOptions {
  /** `--dry-run`: templates cannot write either. */
  dryRun?: boolean;
  /** Default true; false for run-operation. */
  warnOnWrite?: boolean;
}

/** Sends nothing yet: the first question does. */
export function createWarehouse(
  context: ProjectContext,
  driver: Driver,
  options: WarehouseOptions = {},
): Warehouse {
  const { dialect } = context.adapter;
  const relations = new RelationCache({ driver, dialect, database: context.settings.database });
  const sessions: NodeSessions = new Map();
  const inspector = createInspector({
    driver,
    dialect,
    relations,
    invocation: context.invocation,
    sessions,
    ...options,
  });
  return { driver, relations, sessions, inspector };
}
