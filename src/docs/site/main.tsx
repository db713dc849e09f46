/** Reads the core chunk, draws the page, and says when it is ready. */
import { render } from 'preact';
import { FORMAT } from '../chunks.ts';
import { App } from './app.tsx';
import { Project } from './data/project.ts';
import { readChunk } from './data/read-chunk.ts';
import { restoreTheme } from './theme.ts';

const root = document.getElementById('app') as HTMLElement;
restoreTheme();

readChunk('core')
  .then((core) => {
    if (core.format !== FORMAT) throw new Error(`it is of format ${core.format}, this page reads ${FORMAT}`);
    root.replaceChildren();
    render(<App project={new Project(core)} />, root);
    // a frame has been drawn
    requestAnimationFrame(() => setTimeout(ready));
  })
  .catch((error: Error) => {
    root.textContent = `This page could not be read: ${error.message}. Run sq docs generate again.`;
  });

function ready(): void {
  performance.mark('sq:ready');
  document.documentElement.dataset['ready'] = 'yes';
}
