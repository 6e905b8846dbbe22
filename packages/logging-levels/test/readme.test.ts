import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the lines of the README on levels run, and say what they say there', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) =>
    block.includes('/relevel'),
  )?.[1];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code ?? ''],
    { cwd: import.meta.dirname },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^error -> warning: Unable to create datadir: \/mnt\/images \(https:\/\/opendev\.org\/openstack\/glance_store/,
  );
  expect(stdout).toMatch(/^default_log_levels = amqp=WARN,[^]*\[FILTER\]\n {4}Name {4}grep\n/m);
});
