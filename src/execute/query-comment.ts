/**
 * The comment that goes with every statement, as dbt's `query-comment` has it: by default who sent it, as JSON;
 * or a text of the project file, which may call macros. It is rendered once an owner of statements.
 */
import type { StatementComment, StatementOwner } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import { SqError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type CompiledNode, isCompiled } from '../manifest/nodes.ts';
import type { ProjectContext } from '../parse/contract.ts';
import { fromJs, ReturnSignal, toText } from '../template/index.ts';
import { DBT_VERSION } from '../version.ts';

export interface QueryCommentOptions {
  context: ProjectContext;
  manifest: Manifest;
  /** Asked when a comment is a template: there is none before the driver is. */
  compiler: () => Compiler | undefined;
}

const NONE: StatementComment = { prefix: '', suffix: '' };

/** Answers the comment of an owner. It throws SqError kind Runtime for a text that would end the comment. */
export function queryComments(
  options: QueryCommentOptions,
): (owner: StatementOwner) => Promise<StatementComment> {
  const { context } = options;
  const { text, append } = configured(context.project.queryComment);
  const known = new Map<string, Promise<StatementComment>>();
  const rendering = new Set<string>();
  const make = async (owner: StatementOwner): Promise<StatementComment> => {
    if (text === undefined) return shown(defaultComment(context, owner), append);
    rendering.add(owner.name);
    try {
      return shown(await rendered(text, owner, options), append);
    } finally {
      rendering.delete(owner.name);
    }
  };
  return (owner) => {
    if (text === '') return Promise.resolve(NONE);
    // a macro that asks the warehouse while the comment is made gets its answer without one, as opening does
    if (rendering.has(owner.name) || (text !== undefined && options.compiler() === undefined))
      return Promise.resolve(NONE);
    let comment = known.get(owner.name);
    if (comment === undefined) {
      comment = make(owner);
      known.set(owner.name, comment);
    }
    return comment;
  };
}

/** `text` is undefined for dbt's default. */
function configured(raw: unknown): { text: string | undefined; append: boolean } {
  if (raw === undefined) return { text: undefined, append: false };
  if (typeof raw !== 'object' || raw === null)
    return { text: raw === null ? '' : String(raw), append: false };
  const { comment, append } = raw as { comment?: unknown; append?: unknown };
  const text = comment === undefined ? undefined : String(comment ?? '');
  return { text, append: append === true };
}

function defaultComment({ profile }: ProjectContext, { name }: StatementOwner): string {
  const isNode = /^[a-z_]+\.[^.]+\./.test(name);
  const fields = {
    app: 'dbt',
    dbt_version: DBT_VERSION,
    profile_name: profile.name,
    target_name: profile.targetName,
    [isNode ? 'node_id' : 'connection_name']: name,
  };
  const json = Object.entries(fields).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  // a name may not end the comment
  return `{${json.join(', ')}}`.replaceAll('*/', '* /').replaceAll('/*', '/ *');
}

async function rendered(
  text: string,
  owner: StatementOwner,
  { compiler, manifest }: QueryCommentOptions,
): Promise<string> {
  const found = manifest.get(owner.name);
  const node = found !== undefined && isCompiled(found) ? (found as CompiledNode) : null;
  const extra = { connection_name: owner.name, node: node === null ? null : fromJs(node) };
  const comment = await (compiler() as Compiler)
    .renderText(text, node, { extra, path: 'dbt_project.yml' })
    .catch((thrown: unknown) => {
      // as the body of a macro it may say `return(...)`
      if (thrown instanceof ReturnSignal) return toText(thrown.value);
      throw thrown;
    });
  if (comment.includes('*/')) {
    throw new SqError({
      kind: 'Runtime',
      code: 'query-comment',
      message: `query comment contains illegal value "*/": ${comment}`,
      hint: 'change query-comment in dbt_project.yml, or the macro that it calls',
    });
  }
  return comment;
}

function shown(text: string, append: boolean): StatementComment {
  const comment = text.trim();
  if (comment === '') return NONE;
  return append ? { prefix: '', suffix: `\n/* ${comment} */` } : { prefix: `/* ${comment} */\n`, suffix: '' };
}
