/** One record of a file as the search for bad rows sees it. */
export interface FileRecord {
  /** Where it begins; counts from 1. */
  line: number;
  /** As written, cut to what a message or the reject table needs when it cannot be read. */
  raw: string;
  /** The record as JSON on one line: an object of JSON, a list of texts and nulls of CSV. */
  json?: string;
  /** Why it cannot be read. */
  problem?: string;
  /** The rest of the file cannot be read either. */
  fatal?: boolean;
}
