import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@groundcrew/core';
import { definePlan, type Host, memoryJournal, type Outcome, type Plan, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { activateConfig, stageConfig } from '../../src/enroll/enroll-actions.ts';
import {
  enrollImplementations,
  type EnrollImplementationsOptions,
} from '../../src/enroll/enroll-implementations.ts';
import { digestOf, ownerOf } from '../../src/enroll/managed-file.ts';
import { observeEnrollment } from '../../src/enroll/observe-enrollment.ts';

const here = localHost({ name: 'here' });
const model = [{ section: 'database', option: 'connection', secret: 'db' }];
const secrets = { settings: { db: new Secret('mysql://u:hidden@h/d') } };

async function place(): Promise<{ directory: string; path: string; log: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-enroll-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return { directory, path: join(directory, 'etc', 'ha.conf'), log: join(directory, 'log') };
}

interface Steps {
  readonly before?: string;
  readonly check?: string[];
  readonly ready?: string[];
  readonly reload?: string[];
}

/** A candidate and its activation, whose reload says what it found. */
function planFor({ path, log }: { path: string; log: string }, steps: Steps = {}): Plan {
  const config = { host: 'here', kind: 'settings', path, model } as const;
  const { check, ready, before = 'absent' } = steps;
  return definePlan({
    id: 'test',
    title: 'test',
    steps: [
      stageConfig.step({ id: 'stage', input: { ...config, ...(check === undefined ? {} : { check }) } }),
      activateConfig.step({
        id: 'activate',
        needs: ['stage'],
        input: {
          ...config,
          before,
          reload: steps.reload ?? [
            'sh',
            '-c',
            'if [ -e "$1" ]; then grep -c connection "$1" >>"$2"; fi',
            'sh',
            path,
            log,
          ],
          stop: ['sh', '-c', 'echo stopped >>"$1"', 'sh', log],
          ...(ready === undefined ? {} : { ready }),
        },
      }),
    ],
  });
}

async function carryOut(
  plan: Plan,
  options: Partial<EnrollImplementationsOptions> = {},
  journal = memoryJournal(),
): Promise<Outcome> {
  const implementations = enrollImplementations({ hosts: [here], within: 200, ...secrets, ...options });
  return run(plan, { approved: plan.digest, implementations, journal, onFailure: 'roll-back' }).outcome;
}
const codes = (outcome: Outcome): string[] =>
  'failures' in outcome ? outcome.failures.map(({ code }) => code) : [];
const read = (path: string): Promise<string> => readFile(path, 'utf8');
const names = async (path: string): Promise<string[]> => (await readdir(join(path, '..'))).toSorted();

test('a new file is written with its secret, known again as ours, and nothing else stays', async () => {
  const at = await place();
  const journal = memoryJournal();
  expect((await carryOut(planFor(at), {}, journal)).status).toBe('succeeded');
  const text = await read(at.path);
  expect(text).toContain('connection = mysql://u:hidden@h/d');
  expect(ownerOf('settings', text)).toMatchObject({ state: 'ours', model });
  expect(await names(at.path)).toEqual(['ha.conf']);
  expect((await stat(at.path)).mode & 0o777).toBe(0o640);
  expect(JSON.stringify(await journal.read())).not.toContain('hidden');
});

test('of a file that was there a copy stays, and its mode', async () => {
  const at = await place();
  await carryOut(planFor(at));
  await writeFile(at.path, 'old');
  await chmod(at.path, 0o604);
  expect((await carryOut(planFor(at, { before: digestOf('old') }))).status).toBe('succeeded');
  const [file, copy = ''] = await names(at.path);
  expect([file, copy]).toEqual(['ha.conf', expect.stringMatching(/^ha\.conf\.before-[0-9a-f]{12}$/)]);
  expect(await read(join(at.path, '..', copy))).toBe('old');
  expect((await stat(at.path)).mode & 0o777).toBe(0o604);
});

test('a file that has changed since is left alone', async () => {
  const at = await place();
  await carryOut(planFor(at));
  await writeFile(at.path, 'newer');
  expect(codes(await carryOut(planFor(at, { before: digestOf('old') })))).toEqual(['enroll.changed']);
  expect(await read(at.path)).toBe('newer');
  expect(await names(at.path)).toEqual(['ha.conf']);
});

test('what the program does not accept never gets there', async () => {
  const at = await place();
  const outcome = await carryOut(
    planFor(at, { check: ['sh', '-c', 'echo line 7 is wrong >&2; exit 1', 'sh'] }),
  );
  expect(outcome).toMatchObject({
    status: 'rolled-back',
    failures: [{ code: 'enroll.not-accepted', message: expect.stringContaining('line 7 is wrong') }],
  });
  expect(await names(at.path)).toEqual([]);
});

test('what does not work afterwards is taken back, and the program told', async () => {
  const at = await place();
  await carryOut(planFor(at));
  await writeFile(at.path, 'old connection');
  await rm(at.log);
  const outcome = await carryOut(planFor(at, { before: digestOf('old connection'), ready: ['false'] }));
  expect(outcome.status).toBe('rolled-back');
  expect(codes(outcome)).toEqual(['enroll.not-working']);
  expect(await read(at.path)).toBe('old connection');
  expect(await names(at.path)).toEqual(['ha.conf']);
  // The new file has the word twice, in its mark and in its setting; the old one once.
  expect(await read(at.log)).toBe('2\n1\n');
});

test('where there was nothing before, there is nothing afterwards, and the program is stopped', async () => {
  const at = await place();
  expect(codes(await carryOut(planFor(at, { ready: ['false'] })))).toEqual(['enroll.not-working']);
  expect(await names(at.path)).toEqual([]);
  expect(await read(at.log)).toContain('stopped');
});

test('cut off between the file and the reload, it reloads when it is run again', async () => {
  const at = await place();
  const plan = planFor(at);
  const journal = memoryJournal();
  const dying: Host = {
    ...here,
    run: (command, options) =>
      command.includes(at.log) ? Promise.reject(new Error('the power fails')) : here.run(command, options),
  };
  const implementations = enrollImplementations({ hosts: [dying], ...secrets });
  const first = await run(plan, { approved: plan.digest, implementations, journal }).outcome;
  expect(first.status).toBe('failed');
  expect(await read(at.path)).toContain('hidden');
  expect((await carryOut(plan, {}, journal)).status).toBe('succeeded');
  expect(await read(at.log)).toBe('2\n');
});

test('without its secret nothing is written, and the field is named', async () => {
  const at = await place();
  const outcome = await carryOut(planFor(at), { settings: {} });
  expect('failures' in outcome && outcome.failures[0]?.message).toContain('settings.0.secret');
});

test('what could not be read is unseen, with the reason', async () => {
  const topology = {
    vip: { address: '10.0.0.10', prefix: 24, routerId: 1 },
    balancers: [
      // A folder can be opened, and not read.
      { host: 'here', address: '10.0.0.1', interface: 'eth0', haproxy: { config: '/etc' } },
      { host: 'nowhere', address: '10.0.0.2', interface: 'eth0' },
    ],
  };
  const { balancers } = await observeEnrollment(topology, [here]);
  expect(balancers.map(({ haproxy }) => haproxy)).toEqual([
    { state: 'unseen', why: expect.stringContaining('directory') },
    { state: 'unseen', why: 'no host nowhere was given' },
  ]);
});
