import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitName } from './beside-names.ts';

describe('names beside a relation', () => {
  it('are the name and what it is for', () => {
    expect(fitName('songs', '__rejected', 63)).toBe('songs__rejected');
  });

  it('that are too long are cut and told apart by a hash', () => {
    const long = 'a'.repeat(60);
    expect(fitName(`${long}1`, '__rejected', 63)).toBe(`${'a'.repeat(44)}_f0b89547__rejected`);
    expect(fitName(`${long}1`, '__rejected', 63)).not.toBe(fitName(`${long}2`, '__rejected', 63));
  });

  it('always fit, keep their ending and never cut a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
        fc.integer({ min: 40, max: 255 }),
        (name, max) => {
          const fitted = fitName(name, '__sq_stage_', max);
          expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(max);
          expect(fitted.endsWith('__sq_stage_')).toBe(true);
          expect(Buffer.from(fitted).toString()).toBe(fitted);
        },
      ),
    );
  });
});
