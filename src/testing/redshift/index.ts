/** What tests import of the double. */

export type { AwsFault } from './data-api/server.ts';
export { type RedshiftDouble, type RedshiftDoubleOptions, startRedshiftDouble } from './double.ts';
export { ERRORS, type Fault, type FaultPoint } from './faults.ts';
export { selfSigned } from './self-signed.ts';
