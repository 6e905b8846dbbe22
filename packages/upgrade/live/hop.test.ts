import { cp, mkdtemp, readlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureLab, labStatus, waitUntil } from '@groundcrew/lab';
import { sweepLeftovers } from '@groundcrew/monitoring/probes';
import { fileJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { detectRelease, observe } from '../src/index.ts';
import { upgradeMeter, type UpgradeProbe, verdictText } from '../src/run.ts';
import { type Estate, estateNow, makeEstate } from './hop/estate.ts';
import { killedRuns } from './hop/killed-runs.ts';
import { COMPUTES, labExecutable } from './hop/lab-place.ts';
import { loadOf, MARK } from './hop/load.ts';
import { planOfHop, type Site, siteOf } from './hop/site.ts';

// A control plane of 2025.1 becomes one of 2026.1 in place, from a plan, while it is used: two controllers behind HAProxy, three compute
// hosts. It takes half an hour and 9 GB, so that it is asked for: `LAB_SUITES=roll`. It is made anew, and deleted again.
const isAsked = process.env['LAB_SUITES']?.split(',').includes('roll') ?? false;

const MINUTE = 60_000;
const local = localHost({ name: 'lab' });
const lab = (...words: string[]) => local.run([labExecutable, ...words], { timeout: '20m' });

interface Stage extends Site {
  readonly cloudsYaml: string;
  readonly estate: Estate;
  /** What a user saw of the estate before. */
  readonly before: readonly string[];
  /** Where the plan, the journal and the figures are. */
  readonly folder: string;
}

/** A control plane of 2025.1 that is in use. */
async function stage(): Promise<Stage> {
  await lab('destroy', '--suite', 'roll');
  const folder = await mkdtemp(path.join(tmpdir(), 'hop-'));
  console.log(`plan, journal, figures and logs: ${folder}`);
  let directory: string | undefined;
  onTestFinished(async () => {
    // Whatever went wrong is in them, and they go with the control plane.
    if (directory !== undefined)
      await cp(path.join(directory, 'logs/lab-roll'), path.join(folder, 'logs'), { recursive: true });
    await lab('destroy', '--suite', 'roll');
  }, 10 * MINUTE);
  const { cloudsYaml } = await ensureLab({ suite: 'roll', onProgress: (line) => console.log(line) });
  directory = path.dirname(cloudsYaml);
  let moving: string | undefined;
  const site = siteOf(cloudsYaml, async (host, hosts) => {
    // The first is new, and the last is old still: both ways between releases.
    if (host === COMPUTES[0] && moving !== undefined)
      await hosts.thereAndBack(moving, { from: COMPUTES[2], to: host });
  });
  onTestFinished(async () => {
    await site.member.close();
    await site.admin.close();
  });
  expect(detectRelease((await observe(site.admin)).value.services).candidates).toContain('epoxy');
  expect(await processesNotOf('root-trixie', cloudsYaml)).toEqual([]);
  const estate = await makeEstate(site.member);
  ({ moving } = estate);
  return { ...site, cloudsYaml, estate, before: await estateNow(site.member, estate), folder };
}

/** Processes of the control plane whose code is another than that of this chroot. */
async function processesNotOf(root: string, cloudsYaml: string): Promise<string[]> {
  const { daemons } = await labStatus();
  const own = daemons.filter(
    ({ controlPlane, name }) =>
      // Glance stays as it is, and these have no release of OpenStack.
      controlPlane === 'lab-roll' && !/\.(?:glance-api|memcached|balancer)$/.test(name),
  );
  expect(own.length).toBeGreaterThan(20);
  const wanted = path.join(path.dirname(cloudsYaml), root);
  const roots = await Promise.all(own.map(({ pid }) => readlink(`/proc/${pid}/root`).catch(String)));
  return own.flatMap(({ name }, at) => (roots[at] === wanted ? [] : [`${name}: ${roots[at]}`]));
}

/** Probes, and how often each has answered. */
function counted(probes: readonly UpgradeProbe[]): {
  readonly probes: readonly UpgradeProbe[];
  asked(): readonly { readonly interval: UpgradeProbe['interval']; readonly times: number }[];
} {
  const times = new Map(probes.map(({ name }) => [name, 0]));
  return {
    probes: probes.map((one) => ({
      ...one,
      probe: async (signal) => {
        const answer = await one.probe(signal);
        times.set(one.name, (times.get(one.name) ?? 0) + 1);
        return answer;
      },
    })),
    asked: () => probes.map(({ name, interval }) => ({ interval, times: times.get(name) ?? 0 })),
  };
}

/** Nothing of the user's has changed, nothing stands half way, and all is new. */
async function expectWhole({ member, estate, before, cloudsYaml }: Stage): Promise<void> {
  const { failed } = await sweepLeftovers(member, { mark: MARK, olderThan: 0 });
  expect(failed).toEqual([]);
  expect(await estateNow(member, estate)).toEqual(before);
  expect(await processesNotOf('root-forky', cloudsYaml)).toEqual([]);
  // A client of its own: one that is open keeps what it once read of versions.
  const { admin, member: other } = siteOf(cloudsYaml);
  const found = detectRelease((await observe(admin)).value.services);
  await Promise.all([admin.close(), other.close()]);
  console.log(found.verdict, found.because.join('; '));
  expect(found.services.find(({ service }) => service === 'compute')).toMatchObject({
    from: 'gazpacho',
    to: 'gazpacho',
  });
}

test.skipIf(!isAsked)(
  'a hop from 2025.1 to 2026.1 under load: what failed, by service and step',
  { timeout: 60 * MINUTE },
  async () => {
    const site = await stage();
    const { folder, hosts } = site;
    const { plan, text } = planOfHop();
    await writeFile(path.join(folder, 'plan.txt'), text);
    const journal = fileJournal(path.join(folder, 'journal'));
    const load = counted(loadOf(site));
    await using meter = upgradeMeter({
      probes: load.probes,
      // Two cores bear no more beside what they upgrade.
      interval: '4s',
      timeout: '20s',
      // All of it is to be measured.
      budget: 1_000_000,
      onFailure: ({ name, at, error }) => console.log(`failed ${at} ${name}: ${error}`),
    });
    // What is usual: every probe has been asked, each several times that is not slow by itself.
    await waitUntil(
      async () => load.asked().every(({ interval, times }) => times >= (interval === undefined ? 10 : 1)),
      { within: 10 * MINUTE, what: 'what every probe answers before the hop' },
    );

    const execution = run(plan, {
      approved: plan.digest,
      implementations: site.implementations,
      journal,
      gate: async () => 'open',
    });
    meter.guard(execution);
    execution.events.on('record', ({ at, event }) => {
      if ('step' in event) console.log(at, event.type, event.step);
    });
    const outcome = await execution.outcome;
    const verdict = await meter.verdict({ plan, records: await journal.read() });
    console.log(verdictText(verdict));
    await writeFile(
      path.join(folder, 'verdict.json'),
      JSON.stringify({ outcome, verdict, moved: hosts.moved }, undefined, 2),
    );
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'succeeded' });
    // What is new serves: an answer that began before the end does not tell that.
    for (const { name, probe } of load.probes)
      expect([name, await probe(AbortSignal.timeout(5 * MINUTE))]).toEqual([name, { ok: true }]);
    await expectWhole(site);
    expect(hosts.astray).toEqual([]);
    // Servers went from old to new and back, while releases were mixed.
    const ways = new Set(hosts.moved.map(({ how, fromCode, toCode }) => `${how}: ${fromCode} to ${toCode}`));
    expect([...ways]).toEqual(
      expect.arrayContaining([
        'cold: forky to trixie',
        'cold: trixie to forky',
        'live: forky to trixie',
        'live: trixie to forky',
      ]),
    );
    // No guest runs here, whose traffic could be watched: the class stays open, and what it can be at most is told.
    expect(verdict.because).toContain('no workload was watched');
    // Moves are what the plan warns of while Nova is mixed; of all else nothing may fail.
    expect(plan.warnings.join('\n')).toContain('Let nobody migrate');
    expect(verdict.failed.filter(({ name }) => name !== 'move a server')).toEqual([]);
    expect(
      verdict.failed.map(({ error }) => error ?? 'no error').filter((error) => !/: 500 /.test(error)),
    ).toEqual([]);
  },
);

test.skipIf(!isAsked)(
  'its runner is killed in every step, and the plan goes on to its end',
  { timeout: 90 * MINUTE },
  async () => {
    const site = await stage();
    const { cloudsYaml, folder } = site;
    const { plan } = planOfHop();
    const [planFile, journalFile] = [path.join(folder, 'plan.json'), path.join(folder, 'journal')];
    await writeFile(planFile, JSON.stringify(plan));
    const { outcome, killedIn } = await killedRuns(
      { cloudsYaml, planFile, journalFile },
      [0, 400, 1_500, 4_000],
    );
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'succeeded' });
    expect(killedIn).toEqual(
      expect.arrayContaining(
        plan.steps.filter(({ action }) => action.includes('schema')).map(({ id }) => id),
      ),
    );
    await expectWhole(site);
  },
);
