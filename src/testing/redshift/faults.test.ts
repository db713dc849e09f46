/** What goes wrong on request, seen by a real client; and logging on by Redshift's own ways. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres } from '../postgres.ts';
import { connectTo, type TestClient } from './connect.ts';
import { type RedshiftDouble, startRedshiftDouble } from './double.ts';
import { ERRORS } from './faults.ts';
import { int32, type Message, MessageReader, message } from './protocol/messages.ts';

describe.runIf(hasPostgres())('faults', () => {
  let double: RedshiftDouble;
  let client: TestClient;

  beforeAll(async () => {
    double = await startRedshiftDouble({
      users: [
        { name: 'digested', password: 'Digest-1', auth: 'digest' },
        { name: 'federated', password: 'token-1', auth: 'token' },
      ],
    });
  });
  beforeEach(async () => {
    client = await connectTo(double);
    await client.rows('drop table if exists t; create table t (a int)');
  });
  afterAll(async () => {
    await double?.stop();
  });

  it('spoils a transaction with a serializable error, once', async () => {
    double.inject({ on: 'insert into t', error: ERRORS.serializable });
    await client.rows('begin');
    expect(await client.refusal('insert into t values (1)')).toContain('Serializable isolation violation');
    expect(await client.refusal('select 1')).toContain('25P02');
    await client.rows('rollback');
    await client.rows('insert into t values (1)');
    expect(await client.rows('select * from t')).toEqual([['1']]);
  });

  it('rolls back at a COMMIT that fails', async () => {
    double.inject({ on: /^commit/i, error: ERRORS.conflict });
    await client.rows('begin; insert into t values (1)');
    expect(await client.refusal('commit')).toBe('XX000 conflict with concurrent transaction');
    expect(await client.rows('select * from t')).toEqual([]);
  });

  it.each([
    ['before', []],
    ['after', [['1']]],
  ] as const)('drops the connection %s a COMMIT is done', async (at, expected) => {
    double.inject({ on: /^commit/i, at, drop: true });
    await client.rows('begin; insert into t values (1)');
    expect(await client.refusal('commit')).toContain('Connection terminated unexpectedly');
    const second = await connectTo(double);
    expect(await second.rows('select * from t')).toEqual(expected);
    expect(
      await second.rows(
        `select status from sys_query_history where query_text = 'commit' order by query_id desc limit 1`,
      ),
    ).toEqual([[at === 'after' ? 'success' : 'failed']]);
    await second.end();
  });

  it('drops the connection in the middle of a result', async () => {
    await client.rows('insert into t values (1), (2), (3)');
    double.inject({ on: 'from t', at: 'result', drop: true, rows: 2 });
    expect(await client.refusal('select * from t')).toContain('Connection terminated unexpectedly');
  });

  it('answers late, lets some pass, and can be taken back', async () => {
    double.inject({ on: 'select 7', delay: 120 });
    const started = performance.now();
    await client.rows('select 7');
    expect(performance.now() - started).toBeGreaterThan(100);
    double.inject({ on: 'select 8', skip: 1, error: ERRORS.wlmAbort });
    await client.rows('select 8');
    expect(await client.refusal('select 8')).toContain('57014 Query (1423) cancelled by WLM abort action');
    double.inject({ on: 'select 9', error: ERRORS.diskFull })();
    expect(await client.rows('select 9')).toEqual([['9']]);
  });

  it('cancels by process id, in the words of Redshift', async () => {
    await client.rows('create table big as select a.n from (select 1 as n union all select 2) a');
    const pid = (await client.rows('select pg_backend_pid()'))[0]?.[0];
    const slow = client.refusal(
      `select count(*) from ${Array.from({ length: 30 }, (_, at) => `big b${at}`).join(', ')}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
    const second = await connectTo(double);
    await second.rows(`select pg_cancel_backend(${pid})`);
    expect(await slow).toMatch(/^57014 Query \(\d+\) cancelled on user's request$/);
    await second.end();
  });

  it('refuses the logging on when the cluster is full', async () => {
    double.inject({ on: 'connect', error: ERRORS.connections });
    await expect(connectTo(double)).rejects.toThrow('too many connections');
  });

  it('runs parameters and cursors, but no cursor of single rows', async () => {
    await client.rows('insert into t values (1), (2), (3)');
    expect((await client.client.query('select a from t where a > $1 order by a', [1])).rows).toEqual([
      { a: '2' },
      { a: '3' },
    ]);
    const cursor = client.client.query(new Cursor('select a from t order by a'));
    expect(await cursor.read(2)).toEqual([{ a: '1' }, { a: '2' }]);
    expect(await cursor.read(2)).toEqual([{ a: '3' }]);
    await cursor.close();
    await expect(client.client.query('create table u (a int)', [])).resolves.toBeDefined();
    await expect(client.client.query('select nothing from t where a = $1', [1])).rejects.toThrow(
      'column "nothing" does not exist',
    );
    await expect(client.client.query('select pg_sleep($1)', [1])).rejects.toThrow(
      'function pg_sleep(unknown) does not exist',
    );
    expect(await client.rows('select 1')).toEqual([['1']]);
  });

  it('asks for a digest (13) and for a token (14)', async () => {
    const digested = await logOn('digested', (question) => {
      expect(question.readInt32BE(0)).toBe(13);
      expect(question.readInt32BE(4)).toBe(0);
      const salt = question.subarray(12, 12 + question.readInt32BE(8));
      const nonce = question.subarray(16 + salt.length);
      const sha = (...parts: (string | Buffer)[]) =>
        parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
      const own = Buffer.from(String(Date.now()));
      const answer = sha(sha('Digest-1', salt), nonce, own);
      return message('d', int32(answer.length), answer, int32(own.length), own);
    });
    expect(digested).toBe('R:0');
    const federated = await logOn('federated', (question) => {
      expect(question.readInt32BE(0)).toBe(14);
      return message('i', 'token-1');
    });
    expect(federated).toBe('R:0');
    expect(await logOn('digested', () => message('p', 'Digest-1\0'))).toBe(
      'E:password authentication failed for user "digested"',
    );
  });

  /** Answers the server's question; what comes next, as `R:code` or `E:text`. */
  function logOn(user: string, answer: (question: Buffer) => Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(double.wire.port, double.wire.host);
      const reader = new MessageReader();
      let asked = false;
      const handle = ({ type, body }: Message) => {
        if (!asked) {
          asked = true;
          socket.write(answer(body));
          return;
        }
        socket.destroy();
        resolve(
          type === 'R'
            ? `R:${body.readInt32BE(0)}`
            : `E:${/M([^\0]*)/.exec(body.toString().slice(body.indexOf(0)))?.[1]}`,
        );
      };
      socket.on('error', reject);
      socket.on('data', (bytes) => {
        for (const next of reader.push(bytes)) handle(next);
      });
      const words = Buffer.from(`user\0${user}\0database\0dev\0\0`);
      socket.write(Buffer.concat([int32(words.length + 8, 196_608), words]));
    });
  }

  it('refuses a user it does not know', async () => {
    const { wire, database } = double;
    const other = new pg.Client({ ...wire, database, user: 'nobody', password: 'x' });
    await expect(other.connect()).rejects.toThrow('password authentication failed for user "nobody"');
  });
});
