import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownDaemons } from '../live-lanes.ts';
import { root } from '../workspace.ts';

/** What a file says that asks the lab's cloud for something, by whichever of the ways that the live suites have. */
const asksTheLab =
  /\bensureLab\b|\bloadCloud\b|OS_CLIENT_CONFIG_FILE|cloud: '|\blab\.(?:cloud|restore|stop|start)\b/;

/** The file and all that it imports, or starts, of its own package's files outside `src`. */
function reached(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/'(\.{1,2}\/[^']+\.ts|[\w-]+\.ts)'/g)) {
    const next = path.join(path.dirname(file), name);
    if (existsSync(next) && !next.includes(`${path.sep}src${path.sep}`)) reached(next, found);
  }
  return found;
}

test.each(ownDaemons)('%s asks the lab for nothing', (name) => {
  const asking = [...reached(path.join(root, name))].filter((file) =>
    asksTheLab.test(readFileSync(file, 'utf8')),
  );
  expect(asking).toEqual([]);
});

test('a file that shares the lab would be noticed, also through what it imports', () => {
  const asking = (name: string): string[] =>
    [...reached(path.join(root, name))]
      .filter((file) => asksTheLab.test(readFileSync(file, 'utf8')))
      .map((file) => path.basename(file));
  expect(asking('packages/ha/live/stack-lab.test.ts')).toContain('stack-lab.test.ts');
  expect(asking('packages/sim/live/volumes.test.ts')).toEqual(['parity-clouds.ts']);
});
