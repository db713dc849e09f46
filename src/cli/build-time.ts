import type { Invocation } from '../invocation.ts';

/**
 * The time that is written into what is published: SOURCE_DATE_EPOCH (seconds) where that is set, so that the same
 * project gives the same bytes (reproducible-builds.org), else now.
 */
export function buildTime(invocation: Invocation): Date {
  const epoch = invocation.env.SOURCE_DATE_EPOCH;
  return epoch !== undefined && /^\d+$/.test(epoch) ? new Date(Number(epoch) * 1000) : invocation.now();
}
