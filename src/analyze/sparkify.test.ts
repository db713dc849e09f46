/** Every column of every model of the sample: what was written by hand (fixtures/sparkify.txt) against the analysis. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCompiler } from '../compile/index.ts';
import { createInvocation } from '../invocation.ts';
import { openProject, parseProject } from '../parse/index.ts';
import { type Analysis, analyze } from './index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sq-lineage-'));

async function analyseSample(select?: string[]): Promise<Analysis> {
  const invocation = createInvocation({ cwd: folder, env: {}, flags: { which: 'compile' } });
  const context = await openProject(invocation);
  const { manifest } = await parseProject(context);
  return analyze({ context, manifest, compiler: createCompiler({ context, manifest }), select });
}

function byHand(): Map<string, string[]> {
  const models = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of readFileSync(new URL('./fixtures/sparkify.txt', import.meta.url), 'utf8').split('\n')) {
    const name = /^model (\w+)$/.exec(line)?.[1];
    if (name !== undefined) {
      lines = [];
      models.set(name, lines);
    } else if (line !== '' && !line.startsWith('#')) lines.push(line);
  }
  return models;
}

/** The answers of one model in the words of the fixture. */
function lines(analysis: Analysis, id: string): string[] {
  const node = analysis.nodes.get(id)!;
  const mine = analysis.edges.filter((edge) => edge.to.node === id);
  const source = ({ node: from, column }: { node: string; column: string }) =>
    `${from.split('.').slice(2).join('.')}.${column}`;
  const found = node.columns.map(({ name }) => {
    const edges = mine.filter((edge) => edge.to.column === name);
    const kinds = new Set(edges.map((edge) => edge.kind));
    return `${name}: ${[...kinds].join('+')} ${edges.map((edge) => source(edge.from)).join(' ')}`;
  });
  const filters = mine.filter((edge) => edge.to.column === null).map((edge) => source(edge.from));
  return filters.length === 0 ? found : [...found, `filter: ${filters.join(' ')}`];
}

/** Sources in alphabetical order: their order says nothing. */
function sorted(line: string): string {
  const [name, rest = ''] = line.split(': ');
  const words = rest.split(' ');
  const kind = name === 'filter' ? [] : words.splice(0, 1);
  return `${name}: ${[...kind, ...words.sort()].join(' ')}`;
}

describe('the lineage of the sample', () => {
  let analysis: Analysis;

  beforeAll(async () => {
    for (const part of ['dbt_project.yml', 'models', 'macros', 'tests', 'project']) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    analysis = await analyseSample();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([...byHand()])('%s', (name, expected) => {
    expect(lines(analysis, `model.sparkify.${name}`).map(sorted)).toEqual(expected.map(sorted));
  });

  it('covers every model, and nothing went wrong', () => {
    const models = [...analysis.nodes.keys()].filter((id) => id.startsWith('model.'));
    expect(models.map((id) => id.split('.').at(-1)).sort()).toEqual([...byHand().keys()].sort());
    expect([...analysis.nodes.values()].filter((node) => node.problem !== undefined)).toEqual([]);
  });

  it('knows types: from the files, from the engine', () => {
    const types = (id: string) => analysis.nodes.get(id)!.columns.map(({ name, type }) => `${name} ${type}`);
    expect(types('source.sparkify.raw.songs').slice(0, 2)).toEqual([
      'song_id varchar(32)',
      'title varchar(512)',
    ]);
    expect(types('model.sparkify.time').slice(0, 2)).toEqual(['start_time TIMESTAMP', 'hour INTEGER']);
    expect(types('seed.sparkify.weekdays')).toEqual([
      'weekday integer',
      'name varchar(9)',
      'is_weekend boolean',
    ]);
  });

  it('looks only at what stands above the nodes asked about', async () => {
    const { nodes } = await analyseSample(['model.sparkify.artists']);
    expect([...nodes.keys()]).toEqual([
      'source.sparkify.raw.songs',
      'model.sparkify.staging_songs',
      'model.sparkify.artists',
    ]);
  });
});
