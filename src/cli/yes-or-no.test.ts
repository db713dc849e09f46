import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { yesOrNo } from './yes-or-no.ts';

it.each([
  ['y\r', true],
  ['YES\r', true],
  ['n\r', false],
  ['\r', false],
  ['yesterday\r', false],
  // Ctrl-C, Ctrl-D
  ['\u0003', false],
  ['\u0004', false],
])('%j is %s', async (typed, meant) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = yesOrNo('Make it now?', { input, output });
  output.once('data', () => input.write(typed));
  expect(await answer).toBe(meant);
});

it('the end of the input is no', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = yesOrNo('Make it now?', { input, output });
  output.once('data', () => input.end());
  expect(await answer).toBe(false);
});
