/** A file on this disk, or a part of one (an object in a pack of the cache). */
export interface LocalFile {
  /** As the author would write it: what messages and the ledger say. */
  name: string;
  /** Absolute. */
  path: string;
  part?: { offset: number; length: number };
}
