/** `sq lineage` as a person calls it, on the sample. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from '../testing/cli-project.ts';

let sample: CliProject;
beforeAll(() => {
  sample = CliProject.sample();
});
afterAll(() => sample.remove());

const out = async (args: string) => {
  const { code, stdout, stderr } = await sample.here(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};

describe('sq lineage', () => {
  it('draws a selection as a tree, and nothing else', async () => {
    expect(await out('lineage -s +songplays')).toBe(`raw.events  source · json files
└─ staging_events  copy
   └─ songplays  incremental
raw.songs  source · json files
└─ staging_songs  copy
   └─ songplays  incremental
`);
  });

  it('of one node says how to see more', async () => {
    expect(await out('lineage -s songplays')).toBe(`songplays  incremental
hint: '-s +songplays' draws what it is made from, too; '-s songplays+' what reads it
`);
  });

  it('of a column tells every step, in the words of the query', async () => {
    expect(await out('lineage --column songplays.artist_id')).toBe(`songplays.artist_id  VARCHAR
comes from
  └─ staging_songs.artist_id  VARCHAR  copied
     └─ raw.songs.artist_id  varchar(32)  copied
goes to
  no column
which rows there are is decided by
  staging_events.artist
  staging_events.length
  staging_events.page
  staging_events.song
  staging_songs.artist_name
  staging_songs.duration
  staging_songs.title
`);
  });

  it('writes a file; its end says the format', async () => {
    expect(await out('lineage -s songs+1 --output pictures/songs.mmd')).toBe(
      'Lineage of 2 nodes written to pictures/songs.mmd\n',
    );
    expect(sample.read('pictures/songs.mmd')).toContain('flowchart LR');
  });

  it('has columns where programs read them', async () => {
    const { version, nodes, columnEdges } = JSON.parse(await out('lineage -s songs --format json'));
    expect([version, nodes[0].columns[0], columnEdges]).toEqual([
      1,
      { name: 'song_id', type: 'VARCHAR' },
      [],
    ]);
    const jobs = (await out('lineage -s +songs --format openlineage'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(jobs.at(-1).outputs[0].facets.columnLineage.fields.song_id.inputFields[0].field).toBe('song_id');
  });

  it('warnings go to stderr: stdout is for the next program', async () => {
    const { code, stdout, stderr } = await sample.here('lineage -s nowhere --format mermaid');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain("The selection criterion 'nowhere' does not match any enabled nodes");
  });

  it('the picture in the README is that of the sample', async () => {
    expect(await out('lineage --format svg')).toBe(
      readFileSync(join(import.meta.dirname, '../../docs/lineage.svg'), 'utf8'),
    );
  });
});

describe('what cannot be drawn', () => {
  it.each([
    [
      'songplays',
      '--column songplays: which column of which model?\n  hint: write --column songplays.artist_id',
    ],
    [
      'songplay.level',
      "There is no model, seed, snapshot or source 'songplay'\n  hint: did you mean 'songplays.level'?",
    ],
    [
      'songplays.artist_ids',
      "songplays has no column 'artist_ids'\n  hint: did you mean 'artist_id'? it has: songplay_id, start_time, user_id, level, song_id, artist_id, session_id, location, user_agent",
    ],
  ])('--column %s', async (column, message) => {
    const { code, stdout } = await sample.here(['lineage', '--column', column]);
    expect([code, stdout]).toEqual([
      2,
      `08:00:00  [ERROR]: Encountered an error:\nRuntime Error\n  ${message}\n`,
    ]);
  });

  it('a column and a selection at once', async () => {
    const { code, stderr } = await sample.here('lineage -s songs --column songs.title');
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      2,
      'Error: --column draws the whole path of a column: it goes without --select and --exclude.',
    ]);
  });

  it('a file where there is a folder of that name', async () => {
    const { code, stdout } = await sample.here('lineage --output models');
    expect(code).toBe(2);
    expect(sample.plain(stdout)).toBe(
      '08:00:00  [ERROR]: Encountered an error:\nRuntime Error\n  models: this is a folder, not a file\n  hint: rename or remove that folder\n',
    );
  });
});
