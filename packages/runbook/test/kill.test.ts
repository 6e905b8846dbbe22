import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ONCE, saidOf, Subject } from './fixtures/subject.ts';

test('killed at every boundary of every step: nothing is lost, nothing is done twice', async () => {
  await using calm = await Subject.make();
  const { said } = await calm.live();
  const boundaries = said.map((_, at) => at + 1).slice(0, -1);
  expect(boundaries.length).toBeGreaterThanOrEqual(29);
  const next = boundaries.values();
  const dying = async (): Promise<void> => {
    for (const own of next) {
      await using subject = await Subject.make();
      expect(await subject.live({ own })).toMatchObject({ killed: true });
      expect(await subject.finish()).toEqual(ONCE);
    }
  };
  await Promise.all([dying(), dying(), dying(), dying()]);
}, 120_000);

test('killed again and again, anywhere: nothing is lost, nothing is done twice', async () => {
  await using subject = await Subject.make();
  // Each process lives a little longer than the one before.
  for (let ours = 1; ours < 60; ours += 1) if (!(await subject.live({ ours })).killed) break;
  expect(await subject.finish()).toEqual(ONCE);
  // And a run that is over stays over.
  expect((await subject.live()).said).toEqual([expect.stringMatching(/^outcome succeeded/)]);
}, 120_000);

test('a journal that can grow no more, anywhere: the run is interrupted, and goes on when there is room', async () => {
  await using calm = await Subject.make();
  await calm.live();
  const { size } = await stat(calm.journal);
  // The plan alone is some blocks.
  const limits = Array.from({ length: Math.floor(size / 512) }, (_, at) => at + 1).values();
  const growing = async (): Promise<void> => {
    for (const limit of limits) {
      await using subject = await Subject.make();
      const { said } = await subject.live({ limit });
      expect(said.at(-1)).toMatch(/^outcome interrupted .*could not be written: EFBIG/);
      // Nothing was done that was not journalled before.
      expect(saidOf(said, /^recorded step-started (.*)/)).toEqual(
        expect.arrayContaining(saidOf(said, /^performs (.*)/)),
      );
      expect(await subject.finish()).toEqual(ONCE);
    }
  };
  await Promise.all([growing(), growing()]);
}, 60_000);
