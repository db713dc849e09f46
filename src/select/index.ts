/** The door of the room: what a command line selects, and the lines of `ls`. */
export { type Selection, type SelectOptions, selectNodes } from './evaluate.ts';
export { type ListOptions, type ListOutput, listLines } from './list.ts';
export { type ResourceTypeFlags, resourceTypesOf } from './resource-types.ts';
export { type ParsedSelection, parseSelection, type SelectionRequest } from './selection.ts';
export type { IndirectSelection } from './spec.ts';
export type { StateComparison } from './state/contract.ts';
