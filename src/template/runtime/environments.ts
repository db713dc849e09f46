import type { UndefinedMode } from '../contract.ts';
import { JinjaEnvironment } from './environment.ts';

const strict = new JinjaEnvironment('strict-use');
const capturing = new JinjaEnvironment('capture');

/** The environment of a mode. They hold no state of renders, so two serve all. */
export function environmentFor(mode: UndefinedMode): JinjaEnvironment {
  return mode === 'capture' ? capturing : strict;
}
