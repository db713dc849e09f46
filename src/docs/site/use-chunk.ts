import { useEffect, useState } from 'preact/hooks';
import type { RunsChunk, TextChunk } from '../chunks.ts';
import { Columns } from './data/columns.ts';
import type { Project } from './data/project.ts';
import { readChunk } from './data/read-chunk.ts';

/** What is read after the first picture: undefined until it is there. */
export interface Later {
  columns: Columns | undefined;
  text: TextChunk | undefined;
  runs: RunsChunk | undefined;
}

/** Reads the three one after another, so that the page answers in between. */
export function useLater(project: Project): Later {
  const [later, setLater] = useState<Later>({ columns: undefined, text: undefined, runs: undefined });
  useEffect(() => {
    const add = (part: Partial<Later>) => setLater((known) => ({ ...known, ...part }));
    const read = async () => {
      await rest();
      add({ text: await readChunk('text') });
      await rest();
      add({ columns: new Columns(await readChunk('cols'), project) });
      await rest();
      add({ runs: await readChunk('runs') });
      document.documentElement.dataset['complete'] = 'yes';
    };
    read().catch((error: Error) => {
      document.documentElement.dataset['problem'] = error.message;
    });
  }, [project]);
  return later;
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
