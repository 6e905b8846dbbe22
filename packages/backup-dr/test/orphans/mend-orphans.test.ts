import { type Cloud, connect } from '@groundcrew/core';
import { memoryJournal, type Outcome, type Plan, run, type RunOptions } from '@groundcrew/runbook';
import type { CommandResult, Host } from '@groundcrew/runbook/hosts';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import {
  findOrphans,
  orphanImplementations,
  type OrphanMends,
  orphanRevisions,
  planOrphanMends,
  readOrphanSources,
} from '../../src/control-plane.ts';

const GONE = '5d05f629-cdd0-41f0-9a0e-0242ac110002';

/** The hypervisor of a host, which a test gives guests. */
class Hypervisor {
  readonly guests = new Map<string, { readonly name: string; runs: boolean }>();
  readonly commands: string[] = [];
  readonly host: Pick<Host, 'run'> = {
    run: async (command): Promise<CommandResult> => {
      const [id = ''] = command.slice(-1);
      if (command.includes('destroy')) {
        this.commands.push(`destroy ${id}`);
        const guest = this.guests.get(id);
        if (guest !== undefined) guest.runs = false;
      }
      const shown = [...this.guests].filter(([, { runs }]) => runs || command.includes('--all'));
      const stdout = shown.map(([guest, { name }]) => ` ${guest} ${name}\n`).join('');
      return { host: 'h', command, exitCode: 0, stdout, stderr: '', dropped: 0, durationMs: 0 };
    },
  };
}

/** A cloud on which a server was forgotten: an attachment, a port and an allocation of it are left, and a volume that is stuck. */
async function scene() {
  const simulated = simulateCloud({ scenario: 'small' });
  const { connectOptions } = await simulated.listen();
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
  });
  const { volumes } = cloud.blockStorage;
  const volume = async (name: string): Promise<string> => {
    const { id } = await volumes.create({ size: 1, name });
    await volumes.waitFor(id, 'available');
    return id;
  };
  const [data, stuck] = [await volume('data'), await volume('stuck')];
  const attachment = await cloud.blockStorage
    .at('3.27')
    .attachments.create({ volume_uuid: data, instance_uuid: GONE });
  await volumes.resetStatus({ id: stuck, status: 'detaching' });
  const [network] = await Array.fromAsync(cloud.network.networks.list());
  const port = await cloud.network.ports.create({
    network_id: network?.id ?? '',
    device_id: GONE,
    device_owner: 'compute:nova',
  });
  const { resourceProviders, allocations } = cloud.placement.at('1.28');
  const [provider] = await Array.fromAsync(resourceProviders.list());
  await allocations.replace({
    id: GONE,
    allocations: { [provider?.uuid ?? '']: { resources: { VCPU: 1 } } },
    project_id: 'p',
    user_id: 'u',
    consumer_generation: null,
  });
  const names = (await Array.fromAsync(cloud.compute.hypervisors.list())).map(({ service }) => service.host);
  const hypervisors = new Map(names.map((name) => [name, new Hypervisor()]));
  const hosts = Object.fromEntries([...hypervisors].map(([name, { host }]) => [name, host]));
  // What the scenario's own servers run on is there.
  for await (const server of cloud.compute.servers.list({ all_tenants: true })) {
    const host = server['OS-EXT-SRV-ATTR:host'];
    if (server.status === 'ACTIVE' && typeof host === 'string')
      hypervisors.get(host)?.guests.set(server.id, { name: 'instance-00000001', runs: true });
  }
  const [first] = hypervisors.values();
  if (first === undefined) throw new TypeError('there is no hypervisor');
  return {
    cloud,
    data,
    stuck,
    attachment: attachment.id,
    port: port.id,
    hypervisor: first,
    host: names[0] ?? '',
    plan: async (mends: OrphanMends): Promise<Plan> => {
      const planned = planOrphanMends(await readOrphanSources(cloud, { hosts }), mends);
      if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
      return planned.plan;
    },
    execute: (plan: Plan, more: Partial<RunOptions> = {}): Promise<Outcome> =>
      run(plan, {
        approved: plan.digest,
        implementations: orphanImplementations({ cloud, hosts }),
        revisionOf: orphanRevisions({ cloud, hosts }),
        journal: memoryJournal(),
        ...more,
      }).outcome,
    contradictions: async () =>
      findOrphans(await readOrphanSources(cloud, { hosts }))
        .filter(({ verdict }) => verdict === 'fail')
        .map(({ id }) => id),
  };
}

const ALL: OrphanMends = {
  attachments: 'delete',
  volumes: 'reset',
  ports: 'unbind',
  allocations: 'delete',
};

const stateOf = async (cloud: Cloud, port: string) =>
  cloud.network.ports.get({ id: port }).then(
    ({ device_id: device, device_owner: owner }) => [device, owner],
    () => 'gone',
  );

test('what a person has chosen is mended, and nothing contradicts anything any more', async () => {
  const { cloud, data, stuck, port, plan, execute, contradictions } = await scene();
  expect(await contradictions()).toEqual([
    'backup-dr.orphan-attachment',
    'backup-dr.stuck-volume',
    'backup-dr.orphan-port',
    'backup-dr.orphan-allocation',
  ]);
  expect(await execute(await plan(ALL))).toMatchObject({ status: 'succeeded' });
  expect(await contradictions()).toEqual([]);
  const { volumes } = cloud.blockStorage;
  expect((await volumes.get({ id: data })).status).toBe('available');
  expect((await volumes.get({ id: stuck })).status).toBe('available');
  expect(await stateOf(cloud, port)).toEqual(['', '']);
  const held = await cloud.placement.at('1.28').allocations.get({ id: GONE });
  expect(held.allocations).toEqual({});
});

test('ports go if that was chosen', async () => {
  const { cloud, port, plan, execute } = await scene();
  expect(await execute(await plan({ ports: 'delete' }))).toMatchObject({ status: 'succeeded' });
  expect(await stateOf(cloud, port)).toBe('gone');
});

test.each([
  [
    'port',
    (cloud: Cloud, { port }: { port: string }) => cloud.network.ports.update({ id: port, name: 'mine' }),
  ],
  [
    'allocation',
    async (cloud: Cloud) => {
      const { allocations } = cloud.placement.at('1.28');
      const now = await allocations.get({ id: GONE });
      const [provider = ''] = Object.keys(now.allocations);
      await allocations.replace({
        id: GONE,
        allocations: { [provider]: { resources: { VCPU: 2 } } },
        project_id: 'p',
        user_id: 'u',
        consumer_generation: now.consumer_generation ?? null,
      });
    },
  ],
  [
    'volume',
    (cloud: Cloud, { stuck }: { stuck: string }) =>
      cloud.blockStorage.volumes.resetStatus({ id: stuck, status: 'error' }),
  ],
  [
    'attachment',
    (cloud: Cloud, { attachment }: { attachment: string }) =>
      cloud.blockStorage.at('3.27').attachments.delete({ id: attachment }),
  ],
] as const)(
  'a %s that has changed since the plan was made refuses the run, and nothing is touched',
  async (_, change) => {
    const made = await scene();
    const { cloud, port, plan, execute } = made;
    const planned = await plan(ALL);
    await change(cloud, made);
    const before = await stateOf(cloud, port);
    const outcome = await execute(planned);
    expect(outcome.status).toBe('refused');
    expect(await stateOf(cloud, port)).toEqual(before);
    expect(
      Object.keys((await cloud.placement.at('1.28').allocations.get({ id: GONE })).allocations),
    ).toHaveLength(1);
  },
);

test('what changes between the look at the targets and the act is left by the service itself', async () => {
  const { cloud, port, plan, execute } = await scene();
  const planned = await plan({ ports: 'delete', allocations: 'delete' });
  // Asked as if nothing had changed: the revision is told from the plan.
  const revisionOf = async ({ kind, id }: { readonly kind: string; readonly id: string }) =>
    planned.targets.find((target) => target.kind === kind && target.id === id)?.revision;
  await cloud.network.ports.update({ id: port, name: 'mine' });
  const outcome = await execute(planned, { revisionOf });
  expect(outcome).toMatchObject({ status: 'partially-succeeded' });
  expect(await stateOf(cloud, port)).toEqual([GONE, 'compute:nova']);
});

test('a guest that runs when the plan runs keeps everything', async () => {
  const { cloud, port, hypervisor, plan, execute } = await scene();
  const planned = await plan(ALL);
  hypervisor.guests.set(GONE, { name: 'instance-0000001f', runs: true });
  const outcome = await execute(planned);
  expect(outcome).toMatchObject({ status: 'failed', failures: [{ code: 'orphans.guest-runs' }] });
  expect(await stateOf(cloud, port)).toEqual([GONE, 'compute:nova']);
  expect(hypervisor.commands).toEqual([]);
});

test('a guest is powered off if it is named, and then what it used goes; a run that is over is over', async () => {
  const { hypervisor, plan, execute, contradictions } = await scene();
  hypervisor.guests.set(GONE, { name: 'instance-0000001f', runs: true });
  const planned = await plan({ ...ALL, guests: { [GONE]: 'power-off' } });
  const journal = memoryJournal();
  // Without `revisionOf` a plan with targets does not begin.
  expect(await execute(planned, { revisionOf: undefined })).toMatchObject({ status: 'refused' });
  expect(await execute(planned, { journal })).toMatchObject({ status: 'succeeded' });
  expect(hypervisor.commands).toEqual([`destroy ${GONE}`]);
  // Its definition is still there, shut off.
  expect(await contradictions()).toEqual(['backup-dr.orphan-guest']);
  expect(await execute(planned, { journal })).toMatchObject({ status: 'succeeded' });
  expect(hypervisor.commands).toHaveLength(1);
});
