import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  armDeadline,
  cancelDeadlines,
  CommandInputError,
  type HostDeadline,
  localHost,
  withDescendants,
} from '../../src/hosts.ts';

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

test('those of a run are called off by its name, whoever armed them, and those of others stay', async () => {
  const run = `run-${process.pid}.1`;
  const arm = async (word: string): Promise<HostDeadline> =>
    armDeadline(here, ['echo', 'put back', word], { after: '1h' });
  const [one, two, other] = [await arm(run), await arm(run), await arm(`${run}1`)];
  onTestFinished(() => other.cancel());
  const waits = async ({ pid }: HostDeadline): Promise<boolean> => {
    const { stdout } = await here.run(['ps', '-o', 'stat=', '-p', String(pid)], { expect: [0, 1] });
    return stdout.trim() !== '' && !stdout.startsWith('Z');
  };
  expect([await waits(one), await waits(two), await waits(other)]).toEqual([true, true, true]);
  await cancelDeadlines(here, run);
  await expect
    .poll(async () => [await waits(one), await waits(two)], { timeout: 240_000 })
    .toEqual([false, false]);
  expect(await waits(other)).toBe(true);
  await cancelDeadlines(here, run);
  for (const word of ['', '.*', 'short', 'with a blank'])
    await expect(cancelDeadlines(here, word)).rejects.toThrow(CommandInputError);
});

test('a time that is none arms nothing', async () => {
  for (const after of [0, -1, 'soon', undefined])
    await expect(armDeadline(here, ['true'], { after: after as number })).rejects.toThrow(CommandInputError);
});
