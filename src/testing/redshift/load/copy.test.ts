/** COPY from the test's S3 server: formats, options, refusals, and what the system tables say. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../postgres.ts';
import { connectTo, type TestClient } from '../connect.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../double.ts';

const ROLE = "iam_role 'arn:aws:iam::123456789012:role/loader'";

describe.runIf(hasPostgres())('COPY', () => {
  let double: RedshiftDouble;
  let client: TestClient;

  beforeAll(async () => {
    double = await startRedshiftDouble({ bucketRegions: { far: 'eu-west-1' } });
    client = await connectTo(double);
    const { s3Server: s3 } = double;
    s3.put('far', 'a.json', '{}');
    s3.put(
      'b',
      'events/1.json',
      '{"firstName": "Ann", "ts": 1541121934796, "length": 12.345678901234567, "n": 1}\n{"firstName": "", "ts": 1541121934797, "n": null}\n',
    );
    s3.put('b', 'events/2.json', '{ "firstName": "Böb",\n  "ts": 1541121934798, "n": 3 }');
    s3.put('b', 'events_old/1.json', '{"firstName": "Old"}');
    s3.put('b', 'paths.json', '{"jsonpaths": ["$[\'firstName\']", "$.ts", "$.length", "$.n"]}');
    s3.put('b', 'short.json', '{"jsonpaths": ["$.ts"]}');
    s3.put('b', 'broken/1.json', '{"n": 1}\n{"n": "1x"}\nno json\n{"n": 99999}\n');
    s3.put('b', 'csv/1.csv.gz', gzipSync('name,n\n"a ""b"", c",1\n,\n'));
    await client.rows('create table events (first_name varchar(8), ts timestamp, length float8, n smallint)');
  });
  afterAll(async () => {
    await client?.end();
    await double?.stop();
  });

  it('reads JSON by paths, with times in milliseconds, and answers how many', async () => {
    await client.rows(
      `copy events from 's3://b/events/' ${ROLE} format as json 's3://b/paths.json' timeformat 'epochmillisecs' emptyasnull compupdate off statupdate off region 'us-west-2'`,
    );
    expect(await client.rows('select * from events order by ts')).toEqual([
      ['Ann', '2018-11-02 01:25:34.796', '12.345678901234567', '1'],
      [null, '2018-11-02 01:25:34.797', null, null],
      ['Böb', '2018-11-02 01:25:34.798', null, '3'],
    ]);
    expect(await client.rows('select pg_last_copy_count()')).toEqual([['3']]);
    expect(client.notices).toEqual(["Load into table 'events' completed, 3 record(s) loaded successfully."]);
    expect(
      await client.rows(
        'select table_name, status, loaded_rows, source_file_count, error_count from sys_load_history',
      ),
    ).toEqual([['events', 'completed', '3', '2', '0']]);
    expect(
      await client.rows('select trim(filename), lines_scanned from stl_load_commits order by 1'),
    ).toEqual([
      ['s3://b/events/1.json', '2'],
      ['s3://b/events/2.json', '1'],
    ]);
  });

  it("matches keys by case with 'auto', and takes a prefix for what it is", async () => {
    await client.rows('delete from events');
    await client.rows(`copy events (first_name, n) from 's3://b/events' ${ROLE} json 'auto'`);
    expect(await client.rows('select count(*), count(first_name), count(n) from events')).toEqual([
      ['4', '0', '2'],
    ]);
  });

  it('keeps errors in the system tables when the load rolls back', async () => {
    await client.rows('begin; delete from events');
    expect(await client.refusal(`copy events (n) from 's3://b/broken/' ${ROLE} json 'auto'`)).toBe(
      "XX000 Load into table 'events' failed.  Check 'stl_load_errors' system table for details.",
    );
    expect(await client.refusal('select 1')).toBe(
      '25P02 current transaction is aborted, commands ignored until end of transaction block',
    );
    await client.rows('rollback');
    expect(await client.rows('select count(*) from events')).toEqual([['4']]);
    expect(
      await client.rows(
        'select file_name, line_number, column_name, column_type, raw_field_value, error_code, error_message from sys_load_error_detail',
      ),
    ).toEqual([
      [
        's3://b/broken/1.json',
        '2',
        'n',
        'int2',
        '1x',
        '1207',
        "Invalid digit, Value 'x', Pos 1, Type: Short",
      ],
    ]);
  });

  it('lets so many errors pass', async () => {
    await client.rows('delete from events');
    client.notices.length = 0;
    await client.rows(`copy events (n) from 's3://b/broken/' ${ROLE} json 'auto' maxerror 3`);
    expect(await client.rows('select n from events')).toEqual([['1']]);
    expect(client.notices).toEqual([
      "Load into table 'events' completed, 1 record(s) loaded successfully.",
      "Load into table 'events' completed, 3 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.",
    ]);
    expect(
      await client.rows(
        'select line_number, err_code, trim(err_reason) from stl_load_errors where query = pg_last_copy_id() order by 1',
      ),
    ).toEqual([
      ['2', '1207', "Invalid digit, Value 'x', Pos 1, Type: Short"],
      ['3', '1214', 'Invalid value.'],
      ['4', '1208', 'Overflow for Short'],
    ]);
  });

  it('reads CSV, packed, without its header', async () => {
    await client.rows('create table people (name varchar(20), n int)');
    await client.rows(`copy people from 's3://b/csv/' ${ROLE} csv gzip ignoreheader 1 blanksasnull`);
    expect(await client.rows('select * from people')).toEqual([
      ['a "b", c', '1'],
      [null, null],
    ]);
  });

  it('cuts numbers to their scale, counts bytes of text, and cuts those on request', async () => {
    await client.rows('create table values_ (d numeric(6,2), t varchar(3))');
    double.s3Server.put('b', 'v/1', '1.999|äbc\n');
    expect(await client.refusal(`copy values_ from 's3://b/v/' ${ROLE}`)).toContain('XX000 Load into table');
    await client.rows(`copy values_ from 's3://b/v/' ${ROLE} truncatecolumns`);
    await client.rows(`copy values_ from 's3://b/v/' ${ROLE} truncatecolumns roundec`);
    expect(await client.rows('select * from values_')).toEqual([
      ['1.99', 'äb'],
      ['2.00', 'äb'],
    ]);
  });

  it('takes U+FFFD for a character, and bytes that are no UTF-8 for an error', async () => {
    await client.rows('create table texts (t varchar(20))');
    double.s3Server.put('b', 'good/1', '\uFFFDgelholm\n');
    double.s3Server.put('b', 'bad/1', Buffer.from([0x61, 0xff, 0x0a]));
    await client.rows(`copy texts from 's3://b/good/' ${ROLE}`);
    expect(await client.refusal(`copy texts from 's3://b/bad/' ${ROLE}`)).toContain('Load into table');
    await client.rows(`copy texts from 's3://b/bad/' ${ROLE} acceptinvchars as '^'`);
    expect(await client.rows('select t from texts order by 1')).toEqual([['a^'], ['\uFFFDgelholm']]);
  });

  it('reads the files of a manifest, and says which is missing', async () => {
    double.s3Server.put(
      'b',
      'm.json',
      JSON.stringify({
        entries: [
          { url: 's3://b/v/1', mandatory: true },
          { url: 's3://b/v/2', mandatory: true },
        ],
      }),
    );
    expect(await client.refusal(`copy values_ from 's3://b/m.json' ${ROLE} manifest truncatecolumns`)).toBe(
      'XX000 Problem reading manifest file - The file s3://b/v/2 does not exist',
    );
  });

  it.each([
    [
      `copy events from 's3://b/nothing' ${ROLE} json 'auto'`,
      "XX000 The specified S3 prefix 'nothing' does not exist",
    ],
    [
      `copy events from 's3://none/x' ${ROLE} json 'auto'`,
      'XX000 S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket,Rid 7D2F5A1B,ExtRid sq,CanRetry 1',
    ],
    [
      `copy events from 's3://far/a' ${ROLE} json 'auto'`,
      'XX000 S3ServiceException:The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.,Status 301,Error PermanentRedirect,Rid 7D2F5A1B,ExtRid sq,CanRetry 1',
    ],
    [
      "copy events from 's3://b/events/' iam_role 'arn:aws:iam::123456789012:role/other' json 'auto'",
      'XX000 User arn:aws:redshift:us-west-2:123456789012:dbuser:dev/awsuser is not authorized to assume IAM Role arn:aws:iam::123456789012:role/other',
    ],
    [
      `copy events from 's3://b/events/' ${ROLE} json 's3://b/short.json'`,
      'XX000 Number of jsonpaths and the number of columns should match. JSONPath size: 1, Number of columns in table or column list: 4',
    ],
    [
      `copy events from 's3://b/events/' ${ROLE} json 'auto' nonsense`,
      '42601 syntax error at or near "nonsense"',
    ],
    [
      `copy events from 's3://b/events/' ${ROLE} parquet maxerror 3`,
      '42601 MAXERROR is not supported with COPY from PARQUET',
    ],
    ['copy events from stdin', '0A000 COPY FROM STDIN is not supported'],
    [`copy nothing from 's3://b/events/' ${ROLE}`, '42P01 relation "nothing" does not exist'],
  ])('refuses %s', async (sql, expected) => {
    expect(await client.refusal(sql)).toBe(expected);
  });

  it('gives back with UNLOAD what it took: parquet in partitions, a manifest, COPY again', async () => {
    await client.rows(
      "create table facts as select 1::bigint as id, 'a,b'::varchar(8) as t, 1.50::numeric(8,2) as d, '2018-11-01 00:00:00.123456'::timestamp as ts, 2018 as year union all select 2, null, null, null, 2019",
    );
    await client.rows(
      `unload ('select * from facts where t = ''a,b'' or t is null') to 's3://b/out/' ${ROLE} format parquet partition by (year) manifest verbose`,
    );
    expect(double.s3Server.buckets.get('b')?.has('out/year=2018/0000_part_00.parquet')).toBe(true);
    const manifest = JSON.parse(String(double.s3Server.buckets.get('b')?.get('out/manifest')?.body));
    expect(manifest.meta.record_count).toBe(2);
    expect(await client.refusal(`unload ('select * from facts') to 's3://b/out/' ${ROLE} parquet`)).toBe(
      'XX000 Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
    );
    await client.rows('create table again (id bigint, t varchar(8), d numeric(8,2), ts timestamp)');
    await client.rows(`copy again from 's3://b/out/year=2018/' ${ROLE} format parquet`);
    expect(await client.rows('select * from again')).toEqual([
      ['1', 'a,b', '1.50', '2018-11-01 00:00:00.123456'],
    ]);
    expect(await client.refusal(`unload ('select * from facts limit 1') to 's3://b/o/' ${ROLE}`)).toBe(
      '0A000 Limit clause is not supported in the outermost SELECT of UNLOAD',
    );
    await client.rows(
      `unload ($$ select * from facts $$) to 's3://b/out/' ${ROLE} parquet partition by (year) cleanpath`,
    );
    await client.rows(
      `unload ('select id, t from facts order by id') to 's3://b/text_' ${ROLE} csv header parallel off`,
    );
    expect(String(double.s3Server.buckets.get('b')?.get('text_0000_part_00')?.body)).toBe(
      'id,t\n1,"a,b"\n2,\n',
    );
  });
});
