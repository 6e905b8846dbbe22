import { globSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { needsWholeLab } from '../live-order.ts';
import { root } from '../workspace.ts';

const needing = globSync('packages/*/live/**/*.test.ts', { cwd: root }).filter((file) =>
  needsWholeLab(path.join(root, file)),
);

test('a live test that asks for the whole lab is known by itself, or by what it imports', () => {
  expect(needing).toEqual(
    expect.arrayContaining([
      'packages/ha/live/stack-lab.test.ts',
      'packages/audit/live/response/implementations.test.ts',
      'packages/audit/live/watch/open-close.test.ts',
      'packages/sim/live/instance-ha.test.ts',
    ]),
  );
  expect(needing).not.toContain('packages/sim/live/servers.test.ts');
  expect(needing).not.toContain('packages/ha/live/drill-keystone.test.ts');
});
