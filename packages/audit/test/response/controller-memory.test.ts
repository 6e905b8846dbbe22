import { expect, test } from 'vitest';
import { readMemory, runsIn, withRunning } from '../../src/response/controller-memory.ts';

const run = {
  journal: 'respond-1',
  by: 'ops',
  about: [{ do: 'lock', target: { kind: 'server', id: 's-1' }, keys: ['k'] }],
};

test('what is stored keeps the names that states on disk have', () => {
  const stored = JSON.parse(JSON.stringify(withRunning(readMemory(undefined), run)));
  expect(stored).toEqual({
    running: [{ journal: 'respond-1', by: 'ops', deeds: run.about }],
    left: [],
  });
  expect(runsIn(readMemory(stored))).toEqual([run]);
});
