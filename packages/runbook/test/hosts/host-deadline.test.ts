import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { armDeadline, CommandInputError, localHost, withDescendants } from '../../src/hosts.ts';

const here = localHost();

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'deadline-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'a file; with $words');
}

test('the host does it when the time is over, though nobody waits for it', async () => {
  const file = await place();
  await armDeadline(here, ['touch', file], { after: 50 });
  await expect.poll(() => existsSync(file), { timeout: 30_000 }).toBe(true);
});

test('what is called off is not done, and its processes are gone', async () => {
  const file = await place();
  const deadline = await armDeadline(here, ['touch', file], { after: '1h' });
  const processes = async (): Promise<number[]> =>
    withDescendants([deadline.pid], (await here.run(['ps', '-e', '-o', 'pid=,ppid='])).stdout);
  await expect.poll(async () => (await processes()).length, { timeout: 30_000 }).toBeGreaterThan(1);
  const waiting = await processes();
  await deadline.cancel();
  // A killed process that nobody has waited for is a zombie until the first process of all has taken it.
  const alive = async (): Promise<string> =>
    (await here.run(['ps', '-o', 'stat=', '-p', waiting.join(',')], { expect: [0, 1] })).stdout
      .split('\n')
      .filter((state) => state !== '' && !state.startsWith('Z'))
      .join();
  await expect.poll(alive, { timeout: 30_000 }).toBe('');
  expect(existsSync(file)).toBe(false);
  await deadline.cancel();
});

test('a time that is none arms nothing', async () => {
  for (const after of [0, -1, 'soon', undefined])
    await expect(armDeadline(here, ['true'], { after: after as number })).rejects.toThrow(CommandInputError);
});
