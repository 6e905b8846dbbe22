import { expect, test } from 'vitest';
import { PendingTasks } from '../../src/uptime/pending-tasks.ts';

/** Two looks of Nova are 100 apart, and a poll is made every 10. */
const pending = (): PendingTasks => new PendingTasks({ lag: 100, longest: 30 });

/** What each poll says of the newest look, with the task that it saw. */
const looks = (polls: readonly (readonly [number, string | null])[]): (number | undefined)[] => {
  const tasks = pending();
  return polls.map(([at, task]) => tasks.lookedSince('a', at, task));
};

test('without a task Nova has looked within its interval', () => {
  expect(
    looks([
      [1_000, null],
      [1_010, null],
    ]),
  ).toEqual([900, 910]);
});

test('during a snapshot, and until Nova must have looked after it, its look is from before', () => {
  expect(
    looks([
      [1_000, null],
      [1_010, 'image_uploading'],
      [1_020, 'image_uploading'],
      [1_030, null],
      ...[1_050, 1_070, 1_090, 1_110].map((at) => [at, null] as const),
      [1_130, null],
      [1_140, null],
    ]),
  ).toEqual([900, 900, 900, 900, 900, 900, 900, 900, 900, 1_040]);
});

test('a task that ends with a look is over when it ends', () => {
  expect(
    looks([
      [1_000, null],
      [1_010, 'rebooting'],
      [1_020, null],
    ]),
  ).toEqual([900, 900, 920]);
});

test('one task after the other: from before the first', () => {
  expect(
    looks([
      [1_000, null],
      [1_010, 'image_uploading'],
      [1_020, null],
      [1_030, 'image_backup'],
      [1_040, null],
    ]),
  ).toEqual([900, 900, 900, 900, 900]);
});

test('of a task that was there at first nothing is known, until a look must have come', () => {
  expect(
    looks([
      [1_000, 'migrating'],
      [1_010, null],
      ...[1_040, 1_070, 1_100].map((at) => [at, null] as const),
      [1_111, null],
    ]),
  ).toEqual([undefined, undefined, undefined, undefined, undefined, 1_011]);
});

test('in a pause of our own there may have been a task; one of more than a day tells nothing', () => {
  expect(
    looks([
      [1_000, null],
      [1_200, null],
    ]),
  ).toEqual([900, 900]);
  expect(
    looks([
      [1_000, null],
      [90_000_000, null],
    ]),
  ).toEqual([900, undefined]);
});

test('a server that is gone is forgotten', () => {
  const tasks = pending();
  tasks.lookedSince('a', 1_000, 'image_uploading');
  tasks.forget('a');
  expect(tasks.lookedSince('a', 1_010, null)).toBe(910);
});
