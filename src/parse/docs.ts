/** `{% docs name %}` blocks of markdown files, and the descriptions that use them through `doc()`. */
import { SqError } from '../errors.ts';
import type { DocNode } from '../manifest/nodes.ts';
import { scanBlocks } from '../template/index.ts';
import type { SearchOrder } from './search-order.ts';
import { hasJinja, type PackageSource, type ParseSession, type SqErrorPlace } from './session.ts';

/** The blocks of one file. */
export function docsOf(packageName: string, path: string, relative: string, text: string): DocNode[] {
  if (!text.includes('{%')) return [];
  return scanBlocks(text, path, ['docs']).map((block) => ({
    name: block.name,
    resource_type: 'doc',
    package_name: packageName,
    path: relative,
    original_file_path: path,
    unique_id: `doc.${packageName}.${block.name}`,
    block_contents: block.contents.trim(),
  }));
}

const DOC_CALL = /\{\{-?\s*doc\(\s*(['"])([\w.]+)\1\s*(?:,\s*(['"])([\w.]+)\3\s*)?\)\s*-?\}\}/g;

export class DocIndex {
  private readonly docs = new Map<string, DocNode>();

  constructor(private readonly order: SearchOrder) {}

  add(doc: DocNode): void {
    const other = this.docs.get(doc.unique_id);
    if (other) {
      throw new SqError({
        kind: 'Compilation',
        code: 'duplicate-doc',
        message: `dbt found two docs with the name "${doc.name}".\n\nSince these resources have the same name, dbt will be unable to find the correct resource\nwhen looking for doc("${doc.name}").\n\nTo fix this, change the name of one of these resources:\n- ${other.unique_id} (${other.original_file_path})\n- ${doc.unique_id} (${doc.original_file_path})`,
      });
    }
    this.docs.set(doc.unique_id, doc);
  }

  *all(): Iterable<DocNode> {
    yield* this.docs.values();
  }

  find(name: string, packageName: string | null, fromPackage: string): DocNode | undefined {
    for (const wanted of this.order.packages(fromPackage, packageName)) {
      const found = wanted === null ? undefined : this.docs.get(`doc.${wanted}.${name}`);
      if (found || packageName !== null) return found;
    }
    for (const doc of this.docs.values()) if (doc.name === name) return doc;
    return undefined;
  }

  /**
   * A description with its `doc()` calls (and other Jinja) rendered, and the unique ids of the blocks used.
   * Descriptions that only call doc() are not sent through the template engine. Of a disabled resource the text
   * stays as written: what it refers to need not exist.
   */
  describe(
    raw: unknown,
    session: ParseSession,
    pkg: PackageSource,
    at: () => SqErrorPlace,
    enabled = true,
    /** Unique id of what is described, for the error. */
    owner?: string,
  ): { text: string; blocks: string[] } {
    const text = raw === null || raw === undefined ? '' : String(raw);
    if (!enabled || !/\{[{%#]|[#}%]\}/.test(text)) return { text, blocks: [] };
    const blocks: string[] = [];
    const doc = (name: string, packageName: string | null): string => {
      const found = this.find(name, packageName, pkg.config.name);
      if (!found) throw missing({ name, packageName, owner }, at());
      blocks.push(found.unique_id);
      return found.block_contents;
    };
    if (!hasJinja(text.replace(DOC_CALL, ''))) {
      const replaced = text.replace(DOC_CALL, (_, _q1, first: string, _q2, second: string | undefined) =>
        second === undefined ? doc(first, null) : doc(second, first),
      );
      // Jinja drops one newline at the end of a text
      return { text: replaced.replace(/\n$/, ''), blocks };
    }
    const docFunction = (...args: unknown[]) =>
      args.length === 1 ? doc(String(args[0]), null) : doc(String(args[1]), String(args[0]));
    const rendered = session.renderText(text, pkg, at, (name) => (name === 'doc' ? docFunction : undefined));
    return { text: rendered, blocks };
  }
}

interface MissingDoc {
  name: string;
  packageName: string | null;
  owner: string | undefined;
}

function missing({ name, packageName, owner }: MissingDoc, at: SqErrorPlace): SqError {
  const where = packageName === null ? '' : `in package '${packageName}' `;
  return new SqError({
    kind: 'Compilation',
    code: 'missing-doc',
    // dbt's text, two spaces included
    message:
      owner === undefined
        ? `Documentation for '${packageName === null ? '' : `${packageName}.`}${name}' not found.`
        : `Documentation for '${owner}' depends on doc '${name}' ${where} which was not found`,
    at,
    hint: `add {% docs ${name} %} ... {% enddocs %} to a .md file under the model paths`,
  });
}
