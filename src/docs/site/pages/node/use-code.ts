import { useEffect, useState } from 'preact/hooks';
import { CODE_CHUNK, type NodeCode } from '../../../chunks.ts';
import { readChunk } from '../../data/read-chunk.ts';

/** Undefined while it is read; a text says why it cannot be. */
export function useCode(v: number): NodeCode | 0 | string | undefined {
  const [code, setCode] = useState<NodeCode | 0 | string | undefined>();
  useEffect(() => {
    let current = true;
    readChunk(`code-${Math.floor(v / CODE_CHUNK)}`)
      .then((chunk) => current && setCode(chunk[v % CODE_CHUNK] ?? 0))
      .catch((error: Error) => current && setCode(error.message));
    return () => {
      current = false;
    };
  }, [v]);
  return code;
}
