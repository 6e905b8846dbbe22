import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import { armDeadline, localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { PUT_BACK, UNTIL_PUT_BACK } from '../../src/levels/host-scripts.ts';
import { lend } from '../../src/levels/option-lines.ts';
import {
  confirmed,
  type ConfiguredLevelRequest,
  levelImplementations,
  planLevel,
  restoreLevels,
} from '../../src/levels.ts';

const program = new URL('fixtures/hup-service.ts', import.meta.url).pathname;
const CONFIGURATION = '[DEFAULT]\n# of ours\ndebug = false\n[api]\nx = y\n';
const here = localHost({ name: 'here' });

type Kind = 'mutates' | 'alone' | 'ignores' | 'deaf' | 'threads';

async function aService(kind: Kind, configuration = CONFIGURATION) {
  const folder = await mkdtemp(join(tmpdir(), 'service-'));
  const file = join(folder, 'service.conf');
  const log = join(folder, 'service.log');
  await writeFile(file, configuration);
  await writeFile(log, 'before\n');
  const start = async (): Promise<() => void> => {
    const child = spawn(process.execPath, ['--conditions=@groundcrew/source', program, folder, kind], {
      stdio: 'inherit',
    });
    await once(child, 'spawn');
    return () => void child.kill('SIGTERM');
  };
  const stop = await start();
  onTestFinished(async () => {
    stop();
    // One that was started anew is no child of ours.
    const pid = Number((await readFile(join(folder, 'service.pid'), 'utf8')).split(' ')[0]);
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  await expect
    .poll(() => readFile(join(folder, 'service.pid'), 'utf8').catch(() => ''), { timeout: 240_000 })
    .toMatch(/\d/);
  const request = (more: Partial<ConfiguredLevelRequest> = {}): ConfiguredLevelRequest => ({
    service: 'nova-scheduler',
    level: 'debug',
    for: '1h',
    on: { host: 'here', configuration: file, process: { pidFile: join(folder, 'service.pid') }, log },
    ...more,
  });
  const journal = fileJournal(join(folder, 'one.journal'));
  const access = { hosts: [here] };
  return {
    folder,
    file,
    log,
    journal,
    request,
    plan: (more: Partial<ConfiguredLevelRequest> = {}) => planLevel(request(more), access),
    execute: (plan: Plan, options: Partial<RunOptions> = {}): Promise<Outcome> =>
      run(plan, { approved: plan.digest, implementations: levelImplementations(access), journal, ...options })
        .outcome,
    restore: () => restoreLevels({ journals: folder, ...access, early: true }),
    text: () => readFile(file, 'utf8'),
    logged: () => readFile(log, 'utf8'),
  };
}

async function planOf(planned: ReturnType<typeof planLevel>): Promise<Plan> {
  const answer = await planned;
  if (!answer.ok) throw new TypeError(answer.refusals[0].reason);
  return answer.plan;
}

test('SIGHUP: the main process and its worker take it, each tells so, and both take it back', async () => {
  const service = await aService('mutates');
  await chmod(service.file, 0o640);
  const { coverage } = await confirmed(service.execute(await planOf(service.plan())), service.journal);
  expect(coverage).toEqual({ asked: 2, confirmed: 2, unverifiable: [], down: [] });
  expect(await service.text()).toContain('\ndebug = true\n');
  await expect.poll(service.logged, { timeout: 240_000 }).toContain(' DEBUG ');
  expect((await stat(service.file)).mode & 0o777).toBe(0o640);
  expect(await service.restore()).toEqual({ restored: ['one.journal'], held: [], failed: [] });
  expect(await service.text()).toBe(CONFIGURATION);
  expect((await service.logged()).match(/changed from \[true\] to \[false\]/g)).toHaveLength(2);
  expect((await stat(service.file)).mode & 0o777).toBe(0o640);
});

test('nobody puts it back: the host does when the lease is over, and tells the service', async () => {
  const service = await aService('alone');
  await confirmed(service.execute(await planOf(service.plan({ for: '15s' }))), service.journal);
  await expect.poll(service.text, { timeout: 240_000 }).toBe(CONFIGURATION);
  await expect.poll(service.logged, { timeout: 240_000 }).toMatch(/changed from \[true\] to \[false\]/);
  // The next process that opens the journal finds it done.
  expect((await service.restore()).failed).toEqual([]);
  expect(await service.text()).toBe(CONFIGURATION);
});

test('a change that arrives when the host has looked already is put back, too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'late-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'late.conf');
  await writeFile(file, CONFIGURATION);
  const looked = join(folder, 'looked');
  const undo = ['sh', '-c', PUT_BACK, 'sh', file, 'run-1'];
  // It tells that it has looked, and found nothing.
  const told = ['sh', '-c', '"$@"; code=$?; echo $code >>"$0"; exit $code', looked, ...undo];
  await armDeadline(here, ['sh', '-c', UNTIL_PUT_BACK, 'sh', ...told], { after: 1 });
  const polled = { timeout: 240_000 };
  await expect.poll(() => readFile(looked, 'utf8').catch(() => ''), polled).toBe('44\n');
  await writeFile(file, lend(CONFIGURATION, { section: 'DEFAULT', names: ['debug'] }, 'true', 'run-1'));
  await expect.poll(() => readFile(looked, 'utf8'), polled).toBe('44\n0\n');
  expect(await readFile(file, 'utf8')).toBe(CONFIGURATION);
});

test('a second lease on the same file is refused: the first to end would put back what the other lent', async () => {
  const service = await aService('alone');
  await confirmed(service.execute(await planOf(service.plan())), service.journal);
  expect(await service.plan()).toMatchObject({ ok: false, refusals: [{ code: 'levels.leased' }] });
  expect((await service.restore()).restored).toEqual(['one.journal']);
  expect(await service.plan()).toMatchObject({ ok: true });
});

test('a service that has ended meanwhile: its configuration is put back all the same', async () => {
  const service = await aService('alone');
  await confirmed(service.execute(await planOf(service.plan())), service.journal);
  const pid = Number(await readFile(join(service.folder, 'service.pid'), 'utf8'));
  process.kill(pid, 'SIGTERM');
  const isGone = async () => (await here.run(['ps', '-p', String(pid)], { expect: 'any' })).exitCode !== 0;
  await expect.poll(isGone, { timeout: 240_000 }).toBe(true);
  expect((await service.restore()).restored).toEqual(['one.journal']);
  expect(await service.text()).toBe(CONFIGURATION);
});

test('a link to the configuration stays one', async () => {
  const service = await aService('alone');
  const link = join(service.folder, 'link.conf');
  await symlink(service.file, link);
  const { on } = service.request();
  await confirmed(
    service.execute(await planOf(service.plan({ on: { ...on, configuration: link } }))),
    service.journal,
  );
  expect(await service.text()).toContain('debug = true');
  await service.restore();
  expect(await service.text()).toBe(CONFIGURATION);
  expect((await here.run(['readlink', link])).stdout.trim()).toBe(service.file);
});

test('a process that SIGHUP would end is not sent it', async () => {
  const service = await aService('deaf');
  expect(await service.plan()).toMatchObject({ ok: false, refusals: [{ code: 'levels.no-hang-up' }] });
  expect(await service.text()).toBe(CONFIGURATION);
});

test('a service whose workers SIGHUP would end is not sent it', async () => {
  const service = await aService('threads');
  expect(await service.plan()).toMatchObject({
    ok: false,
    refusals: [{ code: 'levels.no-hang-up', reason: expect.stringContaining('native threads') }],
  });
  expect(await service.logged()).toBe('before\n');
});

test.each(['deaf', 'threads'] as const)('%s: it is started anew only if that was asked for', async (kind) => {
  const service = await aService(kind);
  const { on } = service.request();
  // As `systemctl restart` does: the old process ends, a new one reads the configuration.
  const restart = [
    'sh',
    '-c',
    'kill "$(cut -d" " -f1 "$1/service.pid")"; rm "$1/service.pid"; "$2" --conditions=@groundcrew/source "$3" "$1" alone >/dev/null 2>&1 </dev/null & until [ -s "$1/service.pid" ]; do sleep 0.05; done',
    'sh',
    service.folder,
    process.execPath,
    program,
  ] as const;
  const planned = await planOf(service.plan({ on: { ...on, restart: [...restart] } }));
  const { coverage } = await confirmed(service.execute(planned), service.journal);
  expect(coverage).toMatchObject({ asked: 1, confirmed: 1 });
  expect((await service.restore()).restored).toEqual(['one.journal']);
  expect(await service.text()).toBe(CONFIGURATION);
});

test.each([
  ['has that level already', '[DEFAULT]\ndebug = yes\n', 'levels.already'],
  ['has a value of several lines', '[DEFAULT]\ndebug = no\n  more\n', 'levels.file'],
])('a configuration that %s is refused', async (_what, configuration, code) => {
  const service = await aService('alone', configuration);
  expect(await service.plan()).toMatchObject({ ok: false, refusals: [{ code }] });
});

test('what is not there is refused, and told as not seen', async () => {
  const service = await aService('alone');
  const { on } = service.request();
  const missing = join(service.folder, 'nothing');
  for (const [wrong, code] of [
    [{ configuration: missing }, 'levels.unseen'],
    [{ log: missing }, 'levels.unseen'],
    [{ process: { pidFile: missing } }, 'levels.no-process'],
    [{ host: 'elsewhere' }, 'levels.no-host'],
  ] as const)
    expect(await service.plan({ on: { ...on, ...wrong } })).toMatchObject({
      ok: false,
      refusals: [{ code }],
    });
  // With a second word, as the start time that some write there.
  await appendFile(join(service.folder, 'stale.pid'), '4194304 4711\n');
  expect(
    await service.plan({ on: { ...on, process: { pidFile: join(service.folder, 'stale.pid') } } }),
  ).toMatchObject({ ok: false, refusals: [{ code: 'levels.no-process' }] });
});
