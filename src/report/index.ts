/** Events -> what people and tools read: console, JSON lines, log file, result files, tables. */
export { type RunResultsRequest, writeRunResults } from './artifacts.ts';
export { writeFreshness } from './freshness-artifact.ts';
export { progressLine } from './progress-line.ts';
export { createReporter, type Reporter, type ReporterOptions } from './reporter.ts';
export { isoStamp } from './stamp.ts';
export { statLine } from './stat-line.ts';
export { rowsJson, tableText } from './table.ts';
