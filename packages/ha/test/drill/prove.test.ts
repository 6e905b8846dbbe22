import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '@groundcrew/core';
import { drillHistory, type Probe } from '@groundcrew/monitoring';
import { type Host, memoryJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { drillImplementations } from '../../src/drill/drill-implementations.ts';
import type { DrillFault } from '../../src/drill/fault.ts';
import { armFault } from '../../src/drill/inject.ts';
import { planDrill } from '../../src/drill/plan-drill.ts';
import { isDrillProof, prove, type ProveOptions } from '../../src/drill/prove.ts';
import { DrillFault as Fault } from '../../src/drill/fault.ts';

/** Ten times as fast as time: what is measured in seconds takes tenths of them. */
const FAST = 10;
const epoch = performance.timeOrigin;
const clock: Clock = {
  now: () => epoch + performance.now() * FAST,
  sleep: (ms, signal) => systemClock.sleep(ms / FAST, signal),
};
const timing = {
  baseline: 3_000,
  settle: 2_000,
  limit: 60_000,
  interval: 200,
  // A pause of this process, of a hundred milliseconds, is a second here; that it is late is none of the service's.
  timeout: 10_000,
  slowerBy: 10_000,
};
const here = localHost({ name: 'here' });

interface Stage {
  readonly fault: DrillFault;
  readonly file: string;
  readonly directory: string;
  /** Is the fault there? */
  readonly broken: () => boolean;
  readonly probe: Probe;
}

/** A service that is down while a file is there; it heals by itself after so many operations, if it does. */
async function stage({ heals = 10 }: { heals?: number } = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'groundcrew-drill-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'fault');
  let failed = 0;
  return {
    directory,
    file,
    broken: () => existsSync(file),
    fault: {
      kind: 'command',
      host: 'here',
      victim: 'the service',
      inject: ['touch', file],
      undo: ['rm', '-f', file],
    },
    probe: async () => {
      if (!existsSync(file) || failed >= heals) return { ok: true };
      failed += 1;
      return { ok: false, error: 'HTTP 503' };
    },
  };
}

const options = (fault: DrillFault, more: Partial<ProveOptions> = {}): ProveOptions => ({
  faults: [fault],
  timing,
  hosts: [here],
  clock,
  approved: planDrill({ target: 'service', faults: [fault], timing }).digest,
  ...more,
});

describe('prove', () => {
  test('makes the fault, measures, undoes it, and only then has a proof', async () => {
    const { fault, probe, broken, directory } = await stage();
    const history = drillHistory(join(directory, 'drills.jsonl'));
    let worst = false;
    const watch = {
      name: 'eyes',
      look: async () => {
        worst ||= broken();
        return { service: broken() ? 'DOWN' : 'UP' };
      },
    };
    const { outcome, drills } = await prove(
      { name: 'service', probe, watch: [watch] },
      options(fault, { history, watchEvery: 100 }),
    );
    expect(outcome.status).toBe('succeeded');
    const [drill] = drills;
    expect(drill?.report).toMatchObject({
      fault: 'command the service',
      healed: true,
      errors: 10,
      reasons: { 'HTTP 503': 10 },
      detected: { source: 'eyes', what: 'service', from: 'UP', to: 'DOWN' },
      undoing: { whole: true, errors: 0, timeline: [{ to: 'UP' }] },
    });
    // Ten errors; how far apart a busy machine decides.
    expect(drill?.report.downtime.ms).toBeGreaterThan(0);
    expect(drill?.report.mttr?.ms).toBeGreaterThanOrEqual(drill?.report.downtime.ms ?? Infinity);
    expect(isDrillProof(drill?.proof)).toBe(drill?.report.verdict === 'pass');
    expect(isDrillProof({ ...drill?.proof })).toBe(false);
    expect(drill?.regression?.verdict).toBe('unknown');
    expect((await history.read()).entries).toHaveLength(1);
    expect({ worst, broken: broken() }).toEqual({ worst: true, broken: false });
  });

  test('what does not heal is undone at the limit, fails, and proves nothing', async () => {
    const { fault, probe, broken } = await stage({ heals: Infinity });
    const { drills } = await prove(
      { name: 'service', probe },
      options(fault, {
        timing: { ...timing, limit: 4_000 },
        approved: planDrill({ target: 'service', faults: [fault], timing: { ...timing, limit: 4_000 } })
          .digest,
      }),
    );
    expect(drills[0]?.report).toMatchObject({ verdict: 'fail', healed: false, undoing: { whole: true } });
    expect(drills[0]?.report).not.toHaveProperty('mttr');
    expect(drills[0]?.proof).toBeUndefined();
    expect(broken()).toBe(false);
  });

  test('one failure long after it has healed, and just before it would be undone, is waited out', async () => {
    const { fault, broken } = await stage();
    let since = Infinity;
    let hasFailed = false;
    // Healed at once; the one failure is in the last second before the settling time and the limit of an operation are over.
    const probe: Probe = async () => {
      if (!broken()) return { ok: true };
      since = Math.min(since, clock.now());
      if (hasFailed || clock.now() - since < timing.settle + timing.timeout - 1_000) return { ok: true };
      hasFailed = true;
      return { ok: false, error: 'HTTP 503' };
    };
    const { drills } = await prove({ name: 'service', probe }, options(fault));
    expect(drills[0]?.report).toMatchObject({ healed: true, errors: 1 });
  });

  test('without the approval of exactly this drill nothing is touched', async () => {
    const { fault, probe, directory } = await stage();
    const injected = join(directory, 'was-here');
    const other = { ...fault, inject: ['touch', injected] } as DrillFault;
    const { outcome, drills } = await prove(
      { name: 'service', probe },
      options(other, { approved: planDrill({ target: 'service', faults: [fault], timing }).digest }),
    );
    expect(outcome.status).toBe('refused');
    expect(drills).toEqual([]);
    expect(existsSync(injected)).toBe(false);
  });

  test('of what fails already does no harm on top', async () => {
    const { fault, directory } = await stage();
    const injected = join(directory, 'was-here');
    let asked = 0;
    const shaky: Probe = async () => {
      asked += 1;
      return asked % 5 === 0 ? { ok: false, error: 'HTTP 500' } : { ok: true };
    };
    const undone = join(directory, 'undone');
    // What is undone by a restart must not be restarted for nothing.
    const faulty = { ...fault, inject: ['touch', injected], undo: ['touch', undone] } as DrillFault;
    const { outcome } = await prove({ name: 'service', probe: shaky }, options(faulty));
    expect('failures' in outcome && outcome.failures[0]).toMatchObject({ code: 'drill.unquiet' });
    expect([injected, undone].map((file) => existsSync(file))).toEqual([false, false]);
  });

  test('an abort in the middle of the fault undoes it', async () => {
    const { fault, probe, broken } = await stage({ heals: Infinity });
    const stop = new AbortController();
    const proving = prove({ name: 'service', probe }, options(fault, { signal: stop.signal }));
    await vi.waitUntil(broken, { timeout: 10_000, interval: 10 });
    stop.abort();
    const { outcome, drills } = await proving;
    expect(outcome.status).not.toBe('succeeded');
    expect(drills).toEqual([]);
    expect(broken()).toBe(false);
  });

  test('a fault that cannot be undone says how, and that the host will', async () => {
    const { fault, probe } = await stage();
    const stuck = { ...fault, undo: ['sh', '-c', 'echo no >&2; exit 3'] } as DrillFault;
    const { outcome } = await prove({ name: 'service', probe }, options(stuck));
    const failures = 'failures' in outcome ? outcome.failures : [];
    expect(failures).toContainEqual(
      expect.objectContaining({
        code: 'drill.not-undone',
        remedy: expect.stringContaining("'echo no >&2; exit 3'"),
      }),
    );
  });

  test('a fault that could not be made is undone, too', async () => {
    const { fault, probe, broken, file } = await stage();
    const half = { ...fault, inject: ['sh', '-c', `touch ${file}; exit 1`] } as DrillFault;
    const { outcome } = await prove({ name: 'service', probe }, options(half));
    expect('failures' in outcome && outcome.failures[0]).toMatchObject({ code: 'command-failed' });
    expect(broken()).toBe(false);
  });
});

test('an attempt that died is undone and not gone on with', async () => {
  const { fault, probe, broken, file } = await stage();
  const plan = planDrill({ target: 'service', faults: [fault], timing });
  const [step] = plan.steps;
  // As a runner leaves it that was killed while the fault was there.
  await writeFile(file, '');
  const at = new Date().toISOString();
  const journal = memoryJournal([
    { sequence: 1, at, token: 1, event: { type: 'run-started', run: 'r', plan, by: undefined } as never },
    {
      sequence: 2,
      at,
      token: 1,
      event: { type: 'step-started', step: step?.id ?? '', attempt: 1, key: `r/${step?.id}` },
    },
  ]);
  const { outcome } = run(plan, {
    approved: plan.digest,
    journal,
    implementations: drillImplementations({ target: { name: 'service', probe }, hosts: [here], clock }),
  });
  const ended = await outcome;
  expect('failures' in ended ? ended.failures : ended).toMatchObject([{ code: 'drill.cut-off' }]);
  expect(broken()).toBe(false);
});

describe('on the host', () => {
  /** The letter of `ps`: `S` sleeps, `T` is stopped. */
  const stateOf = (pid: number): string =>
    /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';

  /** A signal is delivered when the process is scheduled, and one that goes on runs before it sleeps again. */
  const polled = { timeout: 30_000, interval: 20 };
  const statesOf = (pids: readonly number[]) => () => pids.map(stateOf);

  async function victims(): Promise<{ fault: ReturnType<typeof Fault.parse>; pids: number[] }> {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const child = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
    );
    onTestFinished(() => {
      process.kill(child, 'SIGKILL');
      parent.kill('SIGKILL');
    });
    const pid = parent.pid ?? 0;
    return {
      pids: [pid, child],
      fault: Fault.parse({ kind: 'freeze', host: 'here', victim: 'sleep', pids: ['echo', String(pid)] }),
    };
  }

  test('a frozen parent and its child go on when it is undone', async () => {
    const { fault, pids } = await victims();
    const armed = await armFault(here, fault, { deadline: 60_000 });
    await armed.inject();
    await expect.poll(statesOf(pids), polled).toEqual(['T', 'T']);
    await armed.undo();
    await expect.poll(statesOf(pids), polled).toEqual(['S', 'S']);
    await armed.undo();
  });

  test('nobody undoes it: the host does', async () => {
    const { fault, pids } = await victims();
    const armed = await armFault(here, fault, { deadline: 300 });
    await armed.inject();
    await expect.poll(statesOf(pids), polled).toEqual(['S', 'S']);
  });

  test.each([
    ['prints nothing', ['true']],
    ['fails', ['false']],
    ['prints words', ['echo', 'haproxy']],
    ['prints the first process of all', ['echo', '1']],
    ['prints one that does not run', ['echo', '4194304']],
  ])('a command that %s tells no victim', async (_, pids) => {
    const fault = Fault.parse({ kind: 'kill', host: 'here', victim: 'x', pids, restart: ['true'] });
    const commands: string[] = [];
    const host: Host = {
      ...here,
      run: (command, how) => {
        commands.push(command[0]);
        return here.run(command, how);
      },
    };
    await expect(armFault(host, fault, { deadline: 60_000 })).rejects.toMatchObject({
      code: 'drill.no-victim',
    });
    expect(commands).not.toContain('kill');
  });
});
