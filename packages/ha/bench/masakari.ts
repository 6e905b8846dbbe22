/**
 * `node --conditions=@groundcrew/source packages/ha/bench/masakari.ts [SERVERS]`: our controller and Masakari's engine
 * on the same lab, one after the other, each with so many servers on a host that dies. Not part of CI: it takes minutes,
 * and wants a quiet machine. Masakari has no host monitor in the lab, so that its clock starts at the notification, and
 * ours is stated from the decision.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cloud } from '@groundcrew/core';
import { fileJournal, memoryState } from '@groundcrew/runbook';
import { z } from 'zod';
import { openRack, type Rack } from '../live/compute-rack.ts';
import { NOVA, readCloudView } from '../src/instances/cloud-view.ts';
import { haController } from '../src/instances/controller.ts';
import { novaServiceObserver } from '../src/instances/observers/nova-service.ts';
import { haPolicy } from '../src/instances/policy.ts';

const count = Number(process.argv[2] ?? 30);
const VICTIM = 'compute-2';
const LIMIT = 600_000;
const out = (line: string): void => void process.stdout.write(`${line}\n`);

const Segment = z.looseObject({ segment: z.looseObject({ uuid: z.string() }) });
const Hosts = z.looseObject({ hosts: z.array(z.looseObject({ uuid: z.string() })) });

/** Its records are not in core yet. */
const masakari =
  (cloud: Cloud) =>
  async (method: 'GET' | 'POST' | 'DELETE', route: string, body?: object): Promise<unknown> =>
    (await cloud.request('instance-ha', { method, path: route, body, microversion: '1.2' })).body;

await using rack = await openRack('full');
await rack.repair();
out(`${count} servers on ${VICTIM}`);
const ours = await byGroundcrew(rack);
await rack.repair();
const theirs = await byMasakari(rack);
await rack.repair();
out(
  `Groundcrew: kill to decision ${ours.toDecision.toFixed(1)} s; decision to all ACTIVE and verified ${ours.recovery.toFixed(1)} s`,
);
out(
  `Masakari:   notification to all ACTIVE elsewhere ${theirs.recovery.toFixed(1)} s, with the lab's wait of ${theirs.wait} s`,
);
out(`            with its default wait of 180 s: ${(theirs.recovery - theirs.wait + 180).toFixed(1)} s`);

async function byGroundcrew({
  cloud,
  fence,
  agent,
  fill,
  crash,
}: Rack): Promise<{ toDecision: number; recovery: number }> {
  const servers = await fill(VICTIM, count);
  const folder = await mkdtemp(path.join(tmpdir(), 'ha-'));
  const controller = haController({
    cloud,
    fencer: fence,
    observers: [novaServiceObserver(cloud), agent],
    policy: haPolicy({ observers: ['nova-service', 'agent'], returning: 'never' }),
    state: memoryState(),
    journal: (name) => fileJournal(path.join(folder, name)),
    interval: '2s',
  });
  const stop = new AbortController();
  let decided = 0;
  let ended = 0;
  controller.events.on('started', () => (decided = Date.now()));
  controller.events.on('ended', ({ outcome }) => {
    ended = Date.now();
    out(`  ours: ${outcome.status}`);
    stop.abort();
  });
  out('  ours: the host is killed');
  const killed = Date.now();
  await crash(VICTIM);
  await controller.run({ signal: AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT)]) });
  await remove(cloud, servers);
  return { toDecision: (decided - killed) / 1000, recovery: (ended - decided) / 1000 };
}

async function byMasakari({ cloud, fill, crash, where }: Rack): Promise<{ recovery: number; wait: number }> {
  const api = masakari(cloud);
  const servers = await fill(VICTIM, count);
  const segment = await api('POST', 'segments', {
    segment: { name: 'bench', recovery_method: 'auto', service_type: 'COMPUTE' },
  });
  const id = Segment.parse(segment).segment.uuid;
  try {
    for (const name of ['compute-1', VICTIM, 'compute-3'])
      await api('POST', `segments/${id}/hosts`, {
        host: { name, type: 'COMPUTE', control_attributes: 'SSH', reserved: false, on_maintenance: false },
      });
    out('  Masakari: the host is killed');
    await crash(VICTIM);
    const service = (await readCloudView(cloud)).hosts?.find(({ host }) => host === VICTIM)?.service ?? '';
    await cloud.compute.at(NOVA).services.update({ id: service, forced_down: true });
    const begun = Date.now();
    await api('POST', 'notifications', {
      notification: {
        type: 'COMPUTE_HOST',
        hostname: VICTIM,
        generated_time: new Date().toISOString().slice(0, 19),
        payload: { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'NORMAL' },
      },
    });
    let left = count;
    while (left > 0 && Date.now() - begun < LIMIT) {
      left = (await where(servers)).filter(
        ({ host, status }) => host === VICTIM || status !== 'ACTIVE',
      ).length;
      if (left > 0) await cloud.clock.sleep(500);
    }
    out(`  Masakari: ${count - left} of ${count} moved`);
    return { recovery: (Date.now() - begun) / 1000, wait: 3 };
  } finally {
    await remove(cloud, servers);
    const hosts = Hosts.parse(await api('GET', `segments/${id}/hosts`)).hosts;
    for (const { uuid } of hosts) await api('DELETE', `segments/${id}/hosts/${uuid}`).catch(out);
    await api('DELETE', `segments/${id}`).catch(out);
  }
}

async function remove(cloud: Cloud, servers: readonly string[]): Promise<void> {
  await Promise.allSettled(servers.map((id) => cloud.compute.servers.delete({ id })));
  await Promise.allSettled(servers.map((id) => cloud.compute.servers.waitGone(id, { patience: 60_000 })));
}
