/**
 * The YAML library's reading of a text: for what the everyday reader leaves, and to explain what is wrong. It
 * resolves words with the same rules as the everyday reader.
 */
import { createRequire } from 'node:module';
import type { Document, Node, Pair, Scalar, YAMLError, YAMLMap } from 'yaml';
import type { Builder } from './builder.ts';
import { IntegralFloat, plainScalar } from './scalar.ts';

type YamlLibrary = typeof import('yaml');

/** What is wrong with a text, at an offset. */
export interface YamlProblem {
  offset: number;
  reason: string;
  hint?: string;
}

export class YamlProblemError extends Error {
  constructor(readonly problem: YamlProblem) {
    super(problem.reason);
  }
}

/** Throws `YamlProblemError` for the first thing that is wrong. */
export function readWithLibrary(text: string, builder: Builder): { value: unknown; at: number } {
  // loaded here, not imported above: most projects never need it
  const yaml = createRequire(import.meta.url)('yaml') as YamlLibrary;
  const document = yaml.parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    strict: true,
  });
  const error = document.errors[0];
  if (error) throw new YamlProblemError(openQuote(yaml, document, error) ?? explain(error, text));
  const { contents } = document;
  if (!contents) return { value: null, at: 0 };
  const value = new LibraryReader(yaml, document, builder).node(contents as Node);
  return { value: unwrapped(value), at: contents.range?.[0] ?? 0 };
}

class LibraryReader {
  private readonly anchors = new Map<Node, unknown>();
  private readonly open = new Set<Node>();

  constructor(
    private readonly yaml: YamlLibrary,
    private readonly document: Document,
    private readonly builder: Builder,
  ) {}

  node(node: Node | null): unknown {
    if (node === null) return null;
    if (this.yaml.isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target) throw problem(node, `found undefined alias '${node.source}'`);
      if (this.open.has(target))
        throw problem(node, `the alias '*${node.source}' stands inside of what it names`);
      return this.anchors.has(target) ? this.anchors.get(target) : this.node(target);
    }
    this.open.add(node);
    const value = this.made(node);
    this.open.delete(node);
    if ((node as { anchor?: string }).anchor !== undefined) this.anchors.set(node, value);
    return value;
  }

  private made(node: Node): unknown {
    if (this.yaml.isScalar(node)) return scalarOf(node);
    if (this.yaml.isMap(node)) return this.map(node);
    if (!this.yaml.isSeq(node)) throw problem(node, `found what is neither mapping, list nor scalar`);
    if (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:seq') throw unknownTag(node);
    const out: unknown[] = [];
    for (const item of node.items as Node[]) {
      const at = startOf(item);
      this.builder.push(out, this.node(item), at, at);
    }
    return out;
  }

  private map(node: YAMLMap): Record<string, unknown> {
    if (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:map') throw unknownTag(node);
    const own: Record<string, unknown> = {};
    const merged: Record<string, unknown> = {};
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = this.key(pair.key, node);
      const value = pair.value === null || pair.value === undefined ? null : this.node(pair.value);
      if (key === '<<' && this.yaml.isScalar(pair.key) && pair.key.type === 'PLAIN') {
        this.merge(merged, value, pair.key);
      } else {
        this.builder.put(own, key, value, startOf(pair.key), startOf(pair.value ?? pair.key));
      }
    }
    // what is merged comes first, as with PyYAML; own keys win
    if (Object.keys(merged).length === 0) return own;
    return this.builder.adopt({ ...merged, ...own }, own);
  }

  private key(key: Node | null, map: Node): string {
    if (this.yaml.isScalar(key)) return String(key.source ?? key.value ?? '');
    if (this.yaml.isAlias(key)) return String(this.node(key));
    if (key === null) return 'null';
    throw new YamlProblemError({
      offset: startOf(key) || startOf(map),
      reason: 'while constructing a mapping, found unhashable key',
      hint: 'a value that begins with {{ needs quotes: "{{ ... }}"',
    });
  }

  private merge(into: Record<string, unknown>, value: unknown, at: Node): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw problem(at, 'expected a mapping or list of mappings for merging');
      }
      for (const [key, item] of Object.entries(source)) if (!Object.hasOwn(into, key)) into[key] = item;
    }
  }
}

function scalarOf(node: Scalar): unknown {
  const source = String(node.source ?? '');
  switch (node.tag) {
    case undefined:
      return node.type === 'PLAIN'
        ? source.includes('\n')
          ? String(node.value)
          : plainScalar(source)
        : String(node.value);
    case 'tag:yaml.org,2002:str':
    case '!':
      return String(node.value);
    case 'tag:yaml.org,2002:null':
      return null;
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:bool':
      return plainScalar(String(node.value));
    case 'tag:yaml.org,2002:float': {
      const value = plainScalar(String(node.value));
      return typeof value === 'number' && Number.isInteger(value) ? new IntegralFloat(value) : value;
    }
    case 'tag:yaml.org,2002:timestamp':
    case 'tag:yaml.org,2002:binary':
      return String(node.value);
    default:
      throw unknownTag(node);
  }
}

function unwrapped(value: unknown): unknown {
  return value instanceof IntegralFloat ? value.value : value;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function problem(node: Node, reason: string): YamlProblemError {
  return new YamlProblemError({ offset: startOf(node), reason });
}

function unknownTag(node: Node): YamlProblemError {
  return new YamlProblemError({
    offset: startOf(node),
    reason: `could not determine a constructor for the tag '${node.tag}'`,
    hint: 'text that begins with ! needs quotes',
  });
}

const REASONS: Readonly<Record<string, string>> = {
  'Sequence item without - indicator':
    'expected a list item (- ...): the line stands in a column where nothing begins',
  'All mapping items must start at the same column':
    'expected a key: the line stands in a column where nothing begins',
  'Nested mappings are not allowed in compact mappings': 'mapping values are not allowed here',
};

/** A quote that is never closed is found at the end of the text; what helps is where it begins. */
function openQuote(yaml: YamlLibrary, document: Document, error: YAMLError): YamlProblem | undefined {
  if (error.code !== 'MISSING_CHAR' || !/^Missing closing .quote/.test(error.message)) return undefined;
  let offset: number | undefined;
  yaml.visit(document, {
    Scalar(_, { type, range }) {
      if (range && type?.startsWith('QUOTE') && range[1] >= error.pos[0]) offset = range[0];
    },
  });
  const reason = 'while scanning a quoted scalar, found unexpected end of stream';
  return offset === undefined ? undefined : { offset, reason, hint: 'the quote that begins here has no end' };
}

/** The library's words for what users meet most, in theirs. */
function explain(error: YAMLError, text: string): YamlProblem {
  let offset = error.pos[0];
  while (text[offset] === ' ') offset++;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, endOfLine(text, offset));
  const words = error.message.replace(/ at line \d+.*$/s, '');
  const reason = REASONS[words] ?? words;
  const hint =
    /^\s*\t/.test(line) || error.code === 'TAB_AS_INDENT'
      ? 'indent with spaces, not with tabs'
      : line.includes('{{')
        ? 'a value that begins with {{ needs quotes: "{{ ... }}"'
        : error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY'
          ? 'a text that holds ": " needs quotes; a key needs ": " behind it'
          : error.code === 'BAD_INDENT' || error.code === 'UNEXPECTED_TOKEN' || error.code === 'MISSING_CHAR'
            ? 'keys of one mapping stand in the same column; quotes and brackets need their end'
            : error.code === 'MULTIPLE_DOCS'
              ? 'one document a file: remove the second ---'
              : undefined;
  return { offset, reason, ...(hint === undefined ? {} : { hint }) };
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
