import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { sweepLeftovers } from '@groundcrew/monitoring/probes';
import { explain, fileJournal, run } from '@groundcrew/runbook';
import { localHost } from '@groundcrew/runbook/hosts';
import { expect, onTestFinished, test } from 'vitest';
import { detectRelease, observe } from '../src/index.ts';
import { planPath } from '../src/path.ts';
import {
  commandExecutor,
  planUpgrade,
  upgradeImplementations,
  upgradeMeter,
  verdictText,
} from '../src/run.ts';
import { admitApi, drainApi } from './hop/balancer.ts';
import { ComputeHosts } from './hop/compute-hosts.ts';
import { estateNow, makeEstate } from './hop/estate.ts';
import { labExecutable, type LabPlace, topology } from './hop/lab-place.ts';
import { labHosts } from './hop/lab-hosts.ts';
import { controlBy, packages, toolBy } from './hop/lab-words.ts';
import { loadOf, MARK } from './hop/load.ts';

// A control plane of 2025.1 becomes one of 2026.1 in place, from a plan, while it is used: two controllers behind HAProxy, three compute
// hosts. It takes half an hour and 9 GB, so that it is asked for: `LAB_SUITES=roll`. It is made anew, and deleted again.
const isAsked = process.env['LAB_SUITES']?.split(',').includes('roll') ?? false;

const MINUTE = 60_000;
const local = localHost({ name: 'lab' });
const lab = (...words: string[]) => local.run([labExecutable, ...words], { timeout: '20m' });

test.skipIf(!isAsked)(
  'a hop from 2025.1 to 2026.1 under load: what failed, by service and step',
  { timeout: 60 * MINUTE },
  async () => {
    await lab('destroy', '--suite', 'roll');
    onTestFinished(() => lab('destroy', '--suite', 'roll').then(() => undefined), 10 * MINUTE);
    const { cloudsYaml } = await ensureLab({ suite: 'roll', onProgress: (line) => console.log(line) });
    const place: LabPlace = { executable: labExecutable, directory: path.dirname(cloudsYaml) };
    const openCloud = (name: string) =>
      // Patience of a client would hide what is measured.
      connect({ cloud: `lab-roll-${name}`, env: { OS_CLIENT_CONFIG_FILE: cloudsYaml }, retries: 0 });
    await using member = openCloud('member');
    await using admin = openCloud('admin');

    expect(detectRelease((await observe(admin)).value.services).candidates).toContain('epoxy');
    const estate = await makeEstate(member);
    const before = await estateNow(member, estate);

    const hop = planPath('2025.1', { to: '2026.1' });
    if (!hop.ok) throw new Error(hop.refusals[0].reason);
    const now = new Date().toISOString();
    const planned = planUpgrade(hop.hops[0], {
      topology,
      now,
      // The databases are made anew for this: nothing is lost with them.
      proof: { at: now },
      drain: ['api', 'compute'],
    });
    if (!planned.ok) throw new Error(planned.refusals.map(({ reason }) => reason).join('\n'));
    const { plan } = planned;

    const hosts = new ComputeHosts(admin, place);
    const folder = await mkdtemp(path.join(tmpdir(), 'hop-'));
    await writeFile(path.join(folder, 'plan.txt'), explain(plan));
    const journal = fileJournal(path.join(folder, 'journal'));
    await using meter = upgradeMeter({
      probes: loadOf({ member, admin, hosts, estate }),
      interval: '500ms',
      timeout: '20s',
      // All of it is to be measured.
      budget: 1_000_000,
      onFailure: ({ name, at, error }) => console.log(`failed ${at} ${name}: ${error}`),
    });
    await new Promise((resolve) => setTimeout(resolve, 1.5 * MINUTE));

    const execution = run(plan, {
      approved: plan.digest,
      implementations: upgradeImplementations({
        hosts: labHosts(place),
        executor: commandExecutor({
          sudo: false,
          packages,
          control: controlBy(place),
          rewrite: toolBy(place),
          takeOut: ({ kind, ...input }) =>
            kind === 'api' ? drainApi(place, { kind, ...input }) : hosts.drain(input.host),
          putBack: ({ kind, ...input }) =>
            kind === 'api' ? admitApi(place, { kind, ...input }) : hosts.admit(input.host),
        }),
      }),
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
    await writeFile(path.join(folder, 'verdict.json'), JSON.stringify({ outcome, verdict, moved: hosts.moved }, undefined, 2));
    console.log(`plan, journal and figures: ${folder}`);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 'succeeded' });

    // Nothing of the user's has changed, and nothing stands half way.
    await sweepLeftovers(member, { mark: MARK, olderThan: 0 });
    expect(await estateNow(member, estate)).toEqual(before);
    // Servers went from old to new and back, while releases were mixed.
    const ways = new Set(hosts.moved.map(({ how, fromCode, toCode }) => `${how}: ${fromCode} to ${toCode}`));
    expect([...ways].toSorted()).toEqual(
      expect.arrayContaining([
        'cold: forky to trixie',
        'cold: trixie to forky',
        'live: forky to trixie',
        'live: trixie to forky',
      ]),
    );
    // All are of the new release, and Keystone, which Debian has of a later one, of that.
    await using after = openCloud('admin');
    const found = detectRelease((await observe(after)).value.services);
    console.log(found.verdict, found.because);
    // No guest runs here, whose traffic could be watched: the class stays open, and what it can be at most is told.
    expect(verdict.because).toContain('no workload was watched');
    expect(verdict.failed).toEqual([]);
  },
);
