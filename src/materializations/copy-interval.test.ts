import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const DAYS = { '01': [1, 2], '02': [3], '03': [4, 5, 6] };

/** A file a day; each event says its hour. */
function project(load: string, location = '', model = ''): TestProject {
  const files = Object.fromEntries(
    Object.entries(DAYS).map(([day, ids]) => [
      `log/2018/11/2018-11-${day}.json`,
      ids.map((id, i) => `{"id": ${id}, "happened": "2018-11-${day}T0${i}:30:00"}\n`).join(''),
    ]),
  );
  const made = new TestProject({
    ...files,
    'models/sources.yml': `
sources:
  - name: raw
    tables:
      - name: events
        external:
          location: "{{ var('root', 'log') }}/{{ interval.start.strftime('%Y/%m/%Y-%m-%d') }}.json"
          ${location}
          format: json
        columns: [{name: id, data_type: int4}, {name: happened, data_type: timestamp}]
`,
    'models/events.sql': `{{ config(materialized='copy', load=${load}) }}\nselect * from {{ source('raw', 'events') }}`,
    ...(model === '' ? {} : { 'models/reader.sql': model }),
  });
  projects.push(made);
  return made;
}

const ALL = 'location_all: log/';
const BY_TIME = `{'mode': 'partition', 'event_time': 'happened'}`;
const interval = (start: string, end: string) => ({
  flags: { other: { event_time_start: start, event_time_end: end } },
});
const ids = async (made: TestProject) =>
  (await made.query('select id from events order by id')).map(([id]) => id);
const message = async (made: TestProject, options: object) =>
  (await made.run('run', options)).outcome.results[0]?.message;

describe('a copy model whose files are named by the interval', () => {
  it('loads exactly the interval, in any order and as often as one likes', async () => {
    const made = project(BY_TIME, ALL);
    for (const day of ['03', '01', '03', '02', '01'])
      expect(
        (await made.run('run', interval(`2018-11-${day}`, `2018-11-0${Number(day) + 1}`))).outcome.success,
      ).toBe(true);
    expect(await ids(made)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('a full refresh of an interval is refused: it would take the other days away', async () => {
    const made = project(BY_TIME, ALL);
    await made.run('run');
    const day = interval('2018-11-01', '2018-11-02');
    const flags = { ...day.flags, fullRefresh: true };
    expect(await message(made, { flags })).toBe(`Compilation Error in model events (models/events.sql)
  --full-refresh with an interval would leave only the rows from 2018-11-01 00:00:00.000 to 2018-11-02 00:00:00.000 in events.
  hint: without --full-refresh the rows of the interval are replaced; without the interval all files are loaded anew`);
    expect(await ids(made)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes away what the interval’s file does not hold any more, and leaves the other days', async () => {
    const made = project(BY_TIME, ALL);
    await made.run('run');
    made.write({ 'log/2018/11/2018-11-03.json': '{"id": 9, "happened": "2018-11-03T08:00:00"}\n' });
    await made.run('run', interval('2018-11-03', '2018-11-04'));
    expect(await ids(made)).toEqual([1, 2, 3, 9]);
  });

  it('of a day’s file an hourly run loads its hour', async () => {
    const made = project(BY_TIME, ALL);
    const { events } = await made.run(
      'run',
      interval('2018-11-03T01:00:00+00:00', '2018-11-03T02:00:00+00:00'),
    );
    expect(await ids(made)).toEqual([5]);
    expect(
      events.flatMap((event) => (event.name === 'SqNotice' && event.topic === 'copy' ? [event.msg] : [])),
    ).toEqual([
      'events: 2 rows of the files left out, not of the interval from 2018-11-03 01:00:00.000 to 2018-11-03 02:00:00.000',
    ]);
    await made.run('run', interval('2018-11-03T02:00:00', '2018-11-03T03:00:00'));
    expect(await ids(made)).toEqual([5, 6]);
  });

  it('without an interval all of location_all takes the place of what was there', async () => {
    const made = project(BY_TIME, ALL);
    await made.run('run', interval('2018-11-03', '2018-11-04'));
    made.write({ 'log/2018/11/2018-11-03.json': '' });
    await made.run('run');
    expect(await ids(made)).toEqual([1, 2, 3]);
  });

  it('partition_by alone serves where the partitions are no wider than the interval', async () => {
    const made = project(`{'mode': 'partition', 'partition_by': 'cast(happened as date)'}`, ALL);
    for (const day of ['02', '01', '02'])
      await made.run('run', interval(`2018-11-${day}`, `2018-11-0${Number(day) + 1}`));
    expect(await ids(made)).toEqual([1, 2, 3]);
  });

  it('models read the interval too, and the source directly', async () => {
    const made = project(
      BY_TIME,
      ALL,
      `{{ config(materialized='table') }}
      select id {% if interval %}, '{{ interval.start }}' as since, '{{ interval.end.strftime('%d') }}' as until{% endif %}
      from {{ source('raw', 'events') }}`,
    );
    await made.run('run', interval('2018-11-02', '2018-11-03'));
    expect(await made.query('select * from reader')).toEqual([[3, '2018-11-02 00:00:00+00:00', '03']]);
    await made.run('run');
    expect(await made.query('select count(*) from reader')).toEqual([[6]]);
  });
});

describe('refused before anything is written, whole', () => {
  it('no interval and no location_all: the run does not begin', async () => {
    const made = project(BY_TIME);
    const refused = made.run('run').catch((error) => error.text);
    expect(await refused).toBe(`Runtime Error
  Source raw.events names files by the interval, and this run has none.
  at models/sources.yml
  hint: give --event-time-start and --event-time-end, or say external: {location_all: …}: what stands for all intervals`);
  });

  it('an interval of several files: the run does not begin', async () => {
    const made = project(BY_TIME, ALL);
    const refused = made.run('run', interval('2018-11-01', '2018-11-03')).catch((error) => error.text);
    expect(await refused).toBe(`Runtime Error
  Source raw.events names its files by the start of the interval, and this run's interval reaches from log/2018/11/2018-11-01.json to log/2018/11/2018-11-02.json.
  at models/sources.yml
  hint: run each part of its own: sq backfill --from … --to … --batch day`);
  });

  it('a partition that is wider than the interval', async () => {
    const made = project(`{'mode': 'partition', 'partition_by': "date_trunc('month', happened)"}`, ALL);
    await made.run('run');
    expect(
      await message(made, interval('2018-11-02', '2018-11-03')),
    ).toBe(`Compilation Error in model events (models/events.sql)
  The partitions of events (date_trunc('month', happened)) are wider than the interval from 2018-11-02 00:00:00.000 to 2018-11-03 00:00:00.000: the rows of a whole month would be deleted, and those of the interval loaded.
  hint: run a whole partition, or give load: {event_time: …}, the moment of a row: then exactly the rows of the interval are replaced`);
    expect(await ids(made)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('mode replace with an interval', async () => {
    const made = project(`{'mode': 'replace'}`, ALL);
    await made.run('run');
    expect(
      await message(made, interval('2018-11-02', '2018-11-03')),
    ).toBe(`Compilation Error in model events (models/events.sql)
  Config load of events cannot be used: mode replace would leave only the rows of the interval that is asked for.
  at models/events.sql
  hint: say load: {mode: partition, event_time: …}, which replaces the rows of the interval`);
    expect(await ids(made)).toHaveLength(6);
  });

  it('a day without a file', async () => {
    const made = project(BY_TIME, ALL);
    expect(await message(made, interval('2018-11-09', '2018-11-10'))).toMatch(
      /^Compilation Error in model events \(models\/events\.sql\)\n {2}Source raw\.events has no files: there is no file or folder log\/2018\/11\/2018-11-09\.json\./,
    );
  });
});
