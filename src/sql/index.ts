/** SQL as a text that can be understood: columns, lineage, tokens, statements. See contract.ts. */
export * from './contract.ts';
export { createSqlEngine, type EngineOptions } from './engine.ts';
