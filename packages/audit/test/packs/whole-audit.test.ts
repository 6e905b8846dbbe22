import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, expect, test } from 'vitest';
import { expected, play } from './estate-scenario.ts';
import { honest } from './honest.ts';

const simulated = simulateCloud({ seed: 4, release: 'zed' });
afterAll(() => simulated.close());

test('faults are told to whom they are shown, and are unknown to everybody else', async () => {
  const { connectOptions } = await simulated.listen({ port: 0 });
  await using admin = connect({ ...connectOptions, clock: simulated.clock });
  const told = await play({
    admin,
    name: 'audit-story',
    as: (auth) =>
      connect({
        ...connectOptions,
        auth: { ...connectOptions.auth, ...auth },
        clock: simulated.clock,
      }),
  });
  const { admin: wide, member: narrow, ...words } = told;
  expect(words).toEqual(expected);
  honest(wide);
  honest(narrow);
  expect(narrow.scope).toMatchObject({ all: false, words: 'project audit-story only', denied: [] });
  expect(narrow.scope.seen.map(({ name }) => name)).toEqual(['audit-story']);
  expect(wide.scope.all).toBe(true);
  expect(wide.scope.seen).toHaveLength(wide.scope.asked.length);
});
