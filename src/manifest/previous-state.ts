/** What an earlier run has left, as data: its manifest, its results, how fresh its sources were. */
import type { GraphNode } from './nodes.ts';

export interface PreviousManifest {
  /** Enabled vertices of every kind by unique id, as that run wrote them: keys of later versions may be missing. */
  readonly vertices: ReadonlyMap<string, GraphNode>;
  /** Macros by unique id; only their text is looked at. */
  readonly macros: ReadonlyMap<string, { macro_sql: string }>;
}

export interface PreviousResult {
  unique_id: string;
  status: string;
  batch_results?: { successful: [string, string][]; failed: [string, string][] } | null;
}

/** One source of sources.json. Without `max_loaded_at` its query had failed. */
export interface PreviousFreshness {
  unique_id: string;
  max_loaded_at?: string;
}

export interface PreviousState {
  /** The folder, as the person wrote it. */
  readonly path: string;
  /** Each is undefined when its file is not there. They are read when they are first asked for. */
  readonly manifest: PreviousManifest | undefined;
  readonly results: readonly PreviousResult[] | undefined;
  readonly sources: readonly PreviousFreshness[] | undefined;
  /** sources.json of the target folder: what the sources are now. */
  readonly currentSources: readonly PreviousFreshness[] | undefined;
}
