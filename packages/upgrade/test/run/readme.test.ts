import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the lines of the README on the upgrade run, and say what they say there', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) =>
    block.includes('dryExecutor'),
  )?.[1];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code ?? ''],
    { cwd: import.meta.dirname },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^Upgrade keystone, placement, nova from 2025\.1 \(Epoxy\) to 2026\.1 \(Gazpacho\)\n/,
  );
  expect(stdout).toMatch(
    /-- gate no-way-back[^]*POINT OF NO RETURN[^]*\nnova-manage api_db sync\n[^]*\nsucceeded\n$/,
  );
});
