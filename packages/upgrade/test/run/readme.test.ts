import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** What the block of the README that has a word prints. */
async function printed(word: string): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) => block.includes(word))?.[1];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code ?? ''],
    { cwd: import.meta.dirname },
  );
  expect(stderr).toBe('');
  return stdout;
}

test('the lines of the README on the upgrade run, and say what they say there', async () => {
  const stdout = await printed('dryExecutor');
  expect(stdout).toMatch(
    /^Upgrade keystone, placement, nova from 2025\.1 \(Epoxy\) to 2026\.1 \(Gazpacho\)\n/,
  );
  expect(stdout).toMatch(
    /-- gate no-way-back[^]*POINT OF NO RETURN[^]*\nnova-manage api_db sync\n[^]*\nsucceeded\n$/,
  );
});

test('and so do those on kolla-ansible', async () => {
  const stdout = await printed('kollaAnsibleCommands');
  expect(stdout).toMatch(
    /^# kolla-ansible: 2025\.1 \(Epoxy\) to 2026\.1 \(Gazpacho\)\. Rendered, not run here\.\n/,
  );
  expect(stdout).toMatch(
    /\nkolla-ansible upgrade -i \/etc\/kolla\/multinode --tags nova-cell-upgrade --limit cmp-1\n[^]*--limit cmp-2\n/,
  );
});
