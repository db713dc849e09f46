/** A project whose author wants the page to run something or to ask another machine: in every text there is. */
import type { DocsInput } from '../docs/contract.ts';
import { emptyCatalog, latestOf } from './docs-input.ts';
import { manifestOf } from './manifest.ts';

let attempts = 0;

/** Each a little different: what runs can be told from `window.PWNED`. */
function hostile(): string {
  attempts += 1;
  const run = `window.PWNED=${attempts}`;
  return [
    `</script><script>${run}</script>`,
    `<img src=x onerror="${run}">`,
    `<svg onload="${run}"><style>*{background:url(https://evil.example/x)}</style>`,
    `"><b onmouseover='${run}'>b</b>`,
    `[a](javascript:${run})`,
    `![i](https://evil.example/beacon.png)`,
    `[d](data:text/html,<script>${run}</script>)`,
    `<iframe src="https://evil.example"></iframe>`,
    `<!--`,
    '${' + run + '}',
    `{{${run}}}`,
    '\u2028\u0000\u202e',
  ].join(' ');
}

/** Its model has the id `model.evil.victim`, its source `source.evil.lake.victim`. */
export function hostileDocsInput(): DocsInput {
  attempts = 0;
  const columns = Object.fromEntries(
    [hostile(), 'plain'].map((name) => [name, { name, description: hostile(), data_type: hostile() }]),
  );
  const [column] = Object.keys(columns) as [string];
  const manifest = manifestOf(
    [
      {
        unique_id: 'source.evil.lake.victim',
        source_name: hostile(),
        original_file_path: `models/${hostile()}/x.yml`,
      },
      {
        unique_id: 'model.evil.victim',
        parents: ['source.evil.lake.victim'],
        tags: [hostile()],
        group: hostile(),
        materialized: hostile(),
        fqn: ['evil', hostile(), 'victim'],
        original_file_path: `models/${hostile()}/victim.sql`,
      },
      { unique_id: `model.evil.${hostile()}`, name: hostile(), parents: ['model.evil.victim'] },
      { unique_id: 'exposure.evil.report', name: hostile(), parents: ['model.evil.victim'] },
      {
        unique_id: 'test.evil.bad.1',
        name: hostile(),
        parents: ['model.evil.victim'],
        original_file_path: hostile(),
        test: {
          kind: 'generic',
          test_name: hostile(),
          attached_node: 'model.evil.victim',
          severity: 'ERROR',
        },
      },
    ],
    {
      projectName: hostile(),
      nodes: {
        'source.evil.lake.victim': {
          description: hostile(),
          columns,
          loader: hostile(),
          relation_name: hostile(),
        },
        'model.evil.victim': {
          description: hostile(),
          columns,
          raw_code: `select '${hostile()}' from {{ source('lake', 'victim') }}`,
          relation_name: hostile(),
          meta: { [hostile()]: hostile() },
          deprecation_date: hostile(),
        },
        'exposure.evil.report': {
          description: hostile(),
          url: 'javascript:window.PWNED=1',
          owner: { name: hostile(), email: hostile() },
          type: hostile(),
        },
        'test.evil.bad.1': {
          column_name: column,
          test_metadata: { kwargs: { to: hostile(), values: [hostile()] } },
        },
      },
    },
  );
  const run = (uniqueId: string, status: 'error' | 'fail') => ({
    uniqueId,
    status,
    thread: 1,
    start: 0,
    end: 100,
    rows: null,
    failures: 3,
    message: hostile(),
  });
  const history = [
    {
      invocationId: 'x',
      command: hostile(),
      select: [],
      exclude: [],
      target: hostile(),
      startedAt: hostile(),
      elapsed: 100,
      success: false,
      interrupted: false,
      nodes: [run('model.evil.victim', 'error'), run('test.evil.bad.1', 'fail')],
    },
  ];
  return {
    project: {
      name: hostile(),
      adapter: hostile(),
      target: hostile(),
      generatedAt: hostile(),
      version: hostile(),
    },
    manifest: {
      ...manifest,
      docs: () => [{ name: '__overview__', block_contents: hostile(), package_name: '' } as never],
    },
    compiledCode: () => `select '${hostile()}'`,
    catalog: emptyCatalog(),
    analysis: {
      nodes: new Map([
        [
          'model.evil.victim',
          {
            unique_id: 'model.evil.victim',
            origin: 'analysis',
            problem: hostile(),
            columns: Object.keys(columns).map((name) => ({
              name,
              type: hostile(),
              expression: { start: 0, end: 9 },
            })),
          },
        ],
      ]),
      edges: [],
    },
    history,
    latest: latestOf(history),
    freshness: [
      {
        uniqueId: 'source.evil.lake.victim',
        status: 'error',
        maxLoadedAt: hostile(),
        snapshottedAt: null,
        age: 1,
        warnAfter: hostile(),
        errorAfter: null,
        error: hostile(),
      },
    ],
    secrets: new Set(),
  };
}
