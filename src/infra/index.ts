/** What sq needs on AWS, made and taken down by CloudFormation. The contract stands in contract.ts. */
export type { DownOptions, InfraOptions, Outputs, UpOptions } from './contract.ts';
export { down } from './down.ts';
export { writeProfile } from './profile-file.ts';
export { status } from './status.ts';
export { describeUp, up } from './up.ts';
