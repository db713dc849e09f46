/** `docs generate`: manifest.json, catalog.json and the page, each made again only when what it shows has changed. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keeping } from '../../adapters/shared/kept.ts';
import type { Analysis } from '../../analyze/index.ts';
import { createCompiler } from '../../compile/index.ts';
import { catalogColumns } from '../../docs/catalog/catalog-columns.ts';
import type { Catalog, DocsInput, PageOptions } from '../../docs/contract.ts';
import { isPageCurrent, readState, writeState } from '../../docs/generated-state.ts';
import { historyFolder, recordNames } from '../../docs/history/history-folder.ts';
import { latestRuns, readHistory } from '../../docs/history/read-history.ts';
import { compiledCode } from '../../docs/inputs/compiled-code.ts';
import { readFreshness } from '../../docs/inputs/freshness-file.ts';
import { packagedTemplate, writePage } from '../../docs/page.ts';
import type { CompiledFields } from '../../parse/index.ts';
import { SQ_VERSION } from '../../version.ts';
import { buildTime } from '../build-time.ts';
import type { Opened } from '../open-and-parse.ts';
import { askCatalog, tellCatalog } from './ask-catalog.ts';
import { compileForDocs } from './compile-for-docs.ts';
import type { DocsOptions } from './docs-options.ts';

/** A page above this is slow to open from a bucket: its code can stand beside it. */
const LARGE_PAGE = 8_000_000;

export interface GeneratedDocs {
  /** Absolute path of index.html. */
  path: string;
  /** 0; 1 when the warehouse could not be asked about everything; 2 after Ctrl-C. */
  code: number;
}

/** `compiled`: what this invocation has compiled already, where the options say not to compile. */
export function generateDocs(
  opened: Opened,
  options: DocsOptions,
  compiled: ReadonlyMap<string, CompiledFields> = new Map(),
): Promise<GeneratedDocs> {
  return keeping(opened.context.invocation.signal, () => catalogAndPage(opened, options, compiled));
}

async function catalogAndPage(
  opened: Opened,
  options: DocsOptions,
  compiled: ReadonlyMap<string, CompiledFields>,
): Promise<GeneratedDocs> {
  const { context, parsed } = opened;
  const { targetPath } = context;
  const path = join(options.outputDir, 'index.html');
  const state = readState(targetPath, SQ_VERSION);
  const catalog = await askCatalog(opened, options);
  const work = options.compile
    ? await compileForDocs(opened, options, catalog, state.compiled)
    : { compiled, id: context.invocation.id, state: state.compiled, interrupted: false };
  if (work.interrupted) return { path, code: 2 };
  tellCatalog(opened, catalog);
  if (options.outputDir !== targetPath) copyArtefacts(targetPath, options.outputDir);
  const key = pageKey(opened, options, work.id, catalog);
  let page = state.page;
  if (!isPageCurrent(state, key, path)) {
    const code = compiledCode({
      manifest: parsed.manifest,
      compiled: work.compiled,
      projectDir: context.projectDir,
      targetPath,
    });
    const analysis = options.columnLineage ? await analyseAll(opened, catalog, code) : null;
    const { bytes } = writePage(
      input(opened, catalog, analysis, code),
      options.outputDir,
      pageOptions(opened, options),
    );
    page = { body: parsed.body, key, path, bytes, mtimeMs: statSync(path).mtimeMs };
    tellWritten(opened, path, bytes, options);
  }
  writeState(targetPath, {
    version: SQ_VERSION,
    ...(work.state && { compiled: work.state }),
    ...(page && { page }),
  });
  return { path, code: catalog.errors === null ? 0 : 1 };
}

/** Everything that the page shows, as a hash of what tells it apart: nothing here reads a whole manifest. */
function pageKey(opened: Opened, options: DocsOptions, compiledId: string, catalog: Catalog): string {
  const { context, parsed } = opened;
  const { metadata: _, ...tables } = catalog;
  const { script, style } = packagedTemplate();
  const freshness = statSync(join(context.targetPath, 'sources.json'), { throwIfNoEntry: false });
  const history = historyFolder(context.projectDir);
  const parts = [
    parsed.body,
    compiledId,
    pageOptions(opened, options),
    options.columnLineage,
    tables,
    existsSync(history) ? recordNames(readdirSync(history)) : [],
    freshness === undefined ? null : [freshness.size, freshness.mtimeMs],
    // another secret masks other texts
    [...context.invocation.secrets].sort(),
    script,
    style,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function pageOptions({ context }: Opened, options: DocsOptions): PageOptions {
  const own = context.project.sq.docs as { meta?: unknown } | undefined;
  const { split, compiledCode } = options;
  return { split, static: options.static, compiledCode, meta: own?.meta === true };
}

function input(
  { context, parsed }: Opened,
  catalog: Catalog,
  analysis: Analysis | null,
  code: (uniqueId: string) => string | undefined,
): DocsInput {
  const { invocation, project, adapter, profile } = context;
  const history = readHistory(context.projectDir);
  return {
    project: {
      name: project.name,
      adapter: adapter.type,
      target: profile.targetName,
      generatedAt: buildTime(invocation).toISOString(),
      version: SQ_VERSION,
    },
    manifest: parsed.manifest,
    compiledCode: code,
    catalog,
    analysis,
    history,
    latest: latestRuns(history),
    freshness: readFreshness(context.targetPath),
    secrets: invocation.secrets,
  };
}

async function analyseAll(
  { context, parsed }: Opened,
  catalog: Catalog,
  compiled: (uniqueId: string) => string | undefined,
): Promise<Analysis> {
  const { analyze } = await import('../../analyze/index.ts');
  const { manifest } = parsed;
  const analysis = await analyze({
    context,
    manifest,
    compiler: createCompiler({ context, manifest }),
    catalog: catalogColumns(catalog),
    compiled,
  });
  const problems = [...analysis.nodes.values()].filter(({ problem }) => problem !== undefined);
  for (const { unique_id, problem } of problems.slice(0, 3)) {
    const name = manifest.index.get(unique_id)?.name ?? unique_id;
    tell(context, `No column lineage of ${name}: ${problem}`);
  }
  if (problems.length > 3)
    tell(context, `No column lineage of ${problems.length - 3} more: their pages say why`);
  return analysis;
}

function copyArtefacts(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of ['manifest.json', 'catalog.json']) {
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  }
}

function tellWritten({ context }: Opened, path: string, bytes: number, { split }: DocsOptions): void {
  const size = bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  tell(context, `Docs page written to ${path} (${size})`);
  if (bytes > LARGE_PAGE && !split) {
    tell(context, 'It opens quicker with --split, which puts the SQL beside the page, into data/');
  }
}

function tell({ invocation }: Opened['context'], msg: string): void {
  invocation.emit({ name: 'SqNotice', topic: 'docs', msg });
}
