import type { NodeSummary } from '../../manifest/manifest.ts';
import { fnmatch, WILDCARD } from '../fnmatch.ts';
import type { SelectorMethod } from './contract.ts';

/**
 * `fqn:`, and what a bare name means: the name itself, a dotted path from the package or from the folder
 * below it, or the beginning of one. A version is part of the path: `name.v2`, `name_v2`; the bare name
 * stands for all versions. From the first part with a wildcard on, the rest is one pattern.
 */
export const fqn: SelectorMethod = ({ value }) => {
  const asked = String(value);
  const matches = pathTest(asked);
  return (node) => {
    if (node.resource_type === 'source') return false;
    return leafMatches(node, asked) || matches(node.fqn, 0) || matches(node.fqn, 1);
  };
};

function leafMatches({ fqn: parts, resource_type, version }: NodeSummary, asked: string): boolean {
  if (resource_type !== 'model' || version === undefined) return parts[parts.length - 1] === asked;
  const name = parts[parts.length - 2];
  if (name === asked) return true;
  const versioned = `${name}_${parts[parts.length - 1]}`;
  return asked === versioned || (asked.includes('.') && asked.split('.').slice(-2).join('_') === versioned);
}

/** A test of an fqn without its first `skip` parts. Dots inside a part separate as those between parts do. */
function pathTest(asked: string): (fqn: readonly string[], skip: 0 | 1) => boolean {
  const parts = asked.split('.');
  const wild = parts.findIndex((part) => WILDCARD.test(part));
  if (asked === '*') return () => true;
  if (wild === 0) {
    const rest = restTest(parts, 0);
    return (fqn, skip) => rest(flat(fqn, skip));
  }
  const first = parts[0] as string;
  const literal = (wild === -1 ? parts : parts.slice(0, wild)).join('.');
  const beginning = `${literal}.`;
  const rest = wild === -1 ? undefined : restTest(parts, wild);
  return (fqn, skip) => {
    // Most nodes end here: joining the parts of each would cost more than everything else.
    if (fqn[skip]?.startsWith(first) !== true) return false;
    const whole = flat(fqn, skip);
    if (rest === undefined) return whole === literal || whole.startsWith(beginning);
    return whole.startsWith(beginning) && rest(whole);
  };
}

function flat(fqn: readonly string[], skip: 0 | 1): string {
  return (skip === 0 ? fqn : fqn.slice(1)).join('.');
}

/** Matches what follows the first `from` parts; the path must have at least as many parts as the selector. */
function restTest(parts: readonly string[], from: number): (whole: string) => boolean {
  const pattern = fnmatch(parts.slice(from).join('.'));
  if (parts.length === 1) return pattern;
  return (whole) => {
    const found = whole.split('.');
    return found.length >= parts.length && pattern(from === 0 ? whole : found.slice(from).join('.'));
  };
}
