import type { NodeSummary } from '../../manifest/manifest.ts';
import { fnmatch, globMatch, WILDCARD } from '../fnmatch.ts';
import { selectionError } from '../selection-error.ts';
import type { MethodCall, SelectorMethod } from './contract.ts';

/**
 * `path:` a file, a folder or a glob, relative to the project. Selects what is defined in a matching file
 * or below a matching folder, and what a matching property file describes. dbt asks the disk which files
 * match; here the nodes' own paths are asked, which gives the same without reading a folder.
 */
export const path: SelectorMethod = (call) => {
  const pattern = relativePattern(call);
  const matches = globMatch(pattern);
  const known = new Map<string, boolean>();
  const within = (file: string): boolean => {
    let answer = known.get(file);
    if (answer === undefined) {
      const slash = file.lastIndexOf('/');
      answer = matches(file) || (slash === -1 ? pattern === '' : within(file.slice(0, slash)));
      known.set(file, answer);
    }
    return answer;
  };
  return (node) => within(node.original_file_path) || describedIn(node, matches);
};

function describedIn(node: NodeSummary, matches: (file: string) => boolean): boolean {
  if (node.patch_path === undefined) return false;
  return matches(node.patch_path.slice(node.patch_path.indexOf('://') + 3));
}

function relativePattern({ value, projectRoot }: MethodCall): string {
  const given = String(value);
  const normal = (text: string) =>
    text
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/');
  if (!given.startsWith('/')) return given === '' ? NO_PATH : normal(given);
  if (projectRoot !== undefined && `${given}/`.startsWith(`${projectRoot}/`)) {
    return normal(given.slice(projectRoot.length));
  }
  throw selectionError(
    'selector-path',
    `Invalid path selector value "${given}". Paths must be relative to the project`,
    'leave out the beginning, as in path:models/staging',
  );
}

/** No file has this name. */
const NO_PATH = '\u0000';

/** `file:` the name of the defining file, with or without its extension. */
export const file: SelectorMethod = ({ value }) => {
  const matches = fnmatch(String(value));
  // Without wildcards only a path that ends so can match: cheaper than cutting every path.
  const plain = WILDCARD.test(String(value)) ? undefined : String(value);
  return ({ original_file_path: whole }) => {
    if (plain !== undefined && !whole.includes(plain)) return false;
    const name = whole.slice(whole.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    return matches(name) || matches(dot > 0 ? name.slice(0, dot) : name);
  };
};
