import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal, type Plan, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { confirmed, levelImplementations, planLevel, restoreLevels } from '../src/levels.ts';

// Real oslo.service, oslo.config and oslo.log, launched as Nova's and Neutron's services are, and in the other ways that there are.
const program = new URL('oslo-service.py', import.meta.url).pathname;
const access = { hosts: [localHost({ name: 'here' })] };
const polled = { timeout: 120_000, interval: 100 };

async function aService(
  workers: number,
  method: 'mutate' | 'reload',
  configuration = '[DEFAULT]\ndebug = false\n',
) {
  const folder = await mkdtemp(join(tmpdir(), 'oslo-service-'));
  const file = join(folder, 'service.conf');
  const log = join(folder, 'service.log');
  await writeFile(file, configuration.replaceAll('FOLDER', folder));
  await writeFile(log, '');
  // A group of its own, which ends as a whole.
  const child: ChildProcess = spawn('/usr/bin/python3', [program, folder, String(workers), method], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true });
  });
  const logged = () => readFile(log, 'utf8');
  // It takes SIGHUP once its workers run.
  await expect
    .poll(() => readFile(join(folder, 'ready'), 'utf8').catch(() => ''), polled)
    .toBe('.'.repeat(workers));
  const journal = fileJournal(join(folder, 'one.journal'));
  const on = { host: 'here', configuration: file, process: { pidFile: join(folder, 'service.pid') }, log };
  return {
    file,
    folder,
    journal,
    logged,
    text: () => readFile(file, 'utf8'),
    async plan(level: 'debug' | 'info' = 'debug'): Promise<Plan> {
      const planned = await planLevel({ service: 'nova-scheduler', level, for: '1h', on }, access);
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return planned.plan;
    },
    execute: (plan: Plan) =>
      run(plan, { approved: plan.digest, implementations: levelImplementations(access), journal }).outcome,
    restore: () => restoreLevels({ journals: folder, ...access, early: true }),
  };
}

test.each([1, 3])(
  '%i workers: each logs that it took the level, and that it took it back',
  async (workers) => {
    const service = await aService(workers, 'mutate');
    const before = await service.text();
    const { coverage } = await confirmed(service.execute(await service.plan()), service.journal);
    // With one there is no process beside the main one.
    const all = workers === 1 ? 1 : workers + 1;
    expect(coverage).toEqual({ asked: all, confirmed: all, unverifiable: [], down: [] });
    await expect.poll(service.logged, polled).toMatch(/ DEBUG nova\.scheduler\.manager /);
    expect(await service.restore()).toEqual({ restored: ['one.journal'], held: [], failed: [] });
    expect(await service.text()).toBe(before);
    expect((await service.logged()).match(/changed from \[true\] to \[false\]/g)).toHaveLength(all);
  },
);

test('from an option that is not set, and from debug to info', async () => {
  const unset = await aService(2, 'mutate', '[DEFAULT]\n');
  expect((await confirmed(unset.execute(await unset.plan()), unset.journal)).coverage.confirmed).toBe(3);
  expect((await unset.restore()).failed).toEqual([]);
  expect(await unset.text()).toBe('[DEFAULT]\n');
  expect(await unset.logged()).toContain('changed from [true] to [None]');

  const loud = await aService(2, 'mutate', '[DEFAULT]\ndebug = True\n');
  expect((await confirmed(loud.execute(await loud.plan('info')), loud.journal)).coverage.confirmed).toBe(3);
  expect((await loud.restore()).failed).toEqual([]);
  expect(await loud.text()).toBe('[DEFAULT]\ndebug = True\n');
  expect(await loud.logged()).toContain('changed from [false] to [True]');
});

test('a service that reads its configuration again, and changes no level by it, is not told as done', async () => {
  const service = await aService(1, 'reload');
  const before = await service.text();
  await expect(confirmed(service.execute(await service.plan()), service.journal)).rejects.toMatchObject({
    code: 'levels.not-set',
    message: expect.stringContaining('nothing in'),
  });
  expect(await service.text()).toBe(before);
});
