import { type Cloud, connect, isNotFound } from '@groundcrew/core';
import { ensureLab, waitUntil } from '@groundcrew/lab';
import { memoryJournal, run } from '@groundcrew/runbook';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  assessPlacement,
  canRun,
  confirmByPlacement,
  legalLocations,
  observePlacement,
  type PlacementSnapshot,
  residency,
  schedulerRules,
} from '../../src/placement.ts';
import {
  channel,
  decideResponses,
  liveMigrate,
  memoryNotices,
  type Message,
  notify,
  planResponses,
  planUndo,
  responseImplementations,
  responsePolicy,
  responseContext,
} from '../../src/response.ts';

// A server that is where it may not be is moved, live, to where it may; where there is no such place, it stays, that is
// said, and its owner is told.
let admin: Cloud;
const undo: (() => Promise<unknown>)[] = [];
const name = `groundcrew-place-${process.pid}`;
const rules = [...schedulerRules, residency({ label: 'gc_residency' })];
let server = '';
let from = '';
let other = '';

beforeAll(async () => {
  const lab = await ensureLab({ only: 'full' });
  admin = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const { compute } = admin;
  const flavors = await Array.fromAsync(compute.flavors.list());
  const flavor = flavors.toSorted((a, b) => a.ram - b.ram)[0];
  const image = await admin.image.images.create({ name, disk_format: 'raw', container_format: 'bare' });
  undo.push(() => admin.image.images.delete({ id: image.id }));
  await admin.image.data.upload({ id: image.id }, new Uint8Array(65_536));
  const metadata = { gc_residency: 'eu' };
  const made = await compute
    .at('2.37')
    .servers.create({ name, flavorRef: flavor?.id ?? '', imageRef: image.id, networks: 'none', metadata });
  server = made.id;
  undo.push(async () => {
    await compute.servers.delete({ id: server });
    await compute.servers.waitGone(server);
  });
  await waitUntil(async () => (await compute.servers.get({ id: server })).status === 'ACTIVE', {
    within: 120_000,
    what: 'ACTIVE',
  });
  from = await hostOf();
  const services = await Array.fromAsync(compute.services.list({ binary: 'nova-compute' }));
  other =
    services.find(
      (service) => service.host !== from && service.state === 'up' && service.status === 'enabled',
    )?.host ?? '';
  for (const [place, host] of [
    ['us', from],
    ['eu', other],
  ] as const) {
    const aggregate = await compute.aggregates.create({ name: `${name}-${place}` });
    undo.push(() => compute.aggregates.delete({ id: aggregate.id }));
    await compute.aggregates.addHost({ id: aggregate.id, host });
    undo.push(() => compute.aggregates.removeHost({ id: aggregate.id, host }));
    await compute.aggregates.setMetadata({ id: aggregate.id, metadata: { gc_residency: place } });
  }
}, 1_800_000);

afterAll(async () => {
  for (const one of undo.toReversed())
    await one().catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  await admin?.close();
});

const hostOf = async (): Promise<string> =>
  String((await admin.compute.servers.get({ id: server }))['OS-EXT-SRV-ATTR:host']);
const mine = (snapshot: PlacementSnapshot) => {
  const found = snapshot.workloads.find(({ id }) => id === server);
  if (found === undefined) throw new Error('the server is not in the snapshot');
  return found;
};
const policy = responsePolicy({
  mode: 'enforce',
  rules: [{ finding: 'audit.placement.residency', do: [notify('owner'), liveMigrate()] }],
});

/** Responds to the present state. */
async function respond(messages: Message[]) {
  const snapshot = await observePlacement(admin);
  const findings = assessPlacement(snapshot, rules).filter(({ subject }) => subject.id === server);
  const planned = planResponses(
    decideResponses(findings, policy, [], Date.now()),
    policy,
    responseContext(
      { securityGroups: { value: [], at: '', source: '', completeness: 'complete', gaps: [] } },
      {},
      () => {
        const { legal, nearest } = legalLocations(mine(snapshot), snapshot, rules);
        const first = legal.find(({ cost }) => cost.method.startsWith('live'));
        return first === undefined ? { none: nearest.join(' | ') } : { host: first.location.host };
      },
    ),
  );
  if (!planned.ok) throw new Error(planned.refusals.map(({ reason }) => reason).join('\n'));
  const implementations = responseImplementations({
    cloud: admin,
    channels: [channel('owner', async (message) => void messages.push(message))],
    notices: memoryNotices(),
  });
  const journal = memoryJournal();
  const outcome = await run(planned.plan, {
    approved: planned.plan.digest,
    implementations: implementations,
    journal,
  }).outcome;
  return { snapshot, findings, plan: planned.plan, outcome, journal, implementations };
}

test('where it may go is what Placement and the rules say, and nothing else', async () => {
  const snapshot = await observePlacement(admin);
  const answers = new Map(
    snapshot.locations.map((location) => [location.host, canRun(mine(snapshot), location, snapshot, rules)]),
  );
  expect(answers.get(from)).toMatchObject({ answer: 'no', because: [{ rule: 'residency' }] });
  expect(answers.get(other)).toEqual({ answer: 'yes' });
  const { candidates, disagreements } = await confirmByPlacement(admin, mine(snapshot), answers);
  expect(candidates).toContain(other);
  expect(disagreements).toEqual([]);
});

test('it is moved, live, to a legal host; its owner is told; the undo moves it back', async () => {
  const messages: Message[] = [];
  const { findings, outcome, journal, implementations } = await respond(messages);
  expect(findings).toMatchObject([
    { id: 'audit.placement.residency', verdict: 'fail', severity: 'critical' },
  ]);
  expect(outcome).toMatchObject({ status: 'succeeded' });
  expect(await hostOf()).toBe(other);
  expect(messages).toHaveLength(1);
  const after = await observePlacement(admin);
  expect(assessPlacement(after, rules).filter(({ subject }) => subject.id === server)).toEqual([]);

  const back = planUndo(await journal.read());
  if (!back.ok) throw new Error('nothing to undo');
  const undone = await run(back.plan, {
    approved: back.plan.digest,
    implementations: implementations,
    journal: memoryJournal(),
  }).outcome;
  expect(undone).toMatchObject({ status: 'succeeded' });
  expect(await hostOf()).toBe(from);
});

test('where there is no legal place it stays, the plan says so, and its owner is told', async () => {
  await admin.compute.serverMetadata.merge({ server_id: server, metadata: { gc_residency: 'moon' } });
  const messages: Message[] = [];
  const { findings, plan, outcome } = await respond(messages);
  expect(findings[0]?.because.map(({ statement }) => statement).join()).toContain(
    'there is nowhere that it may run',
  );
  expect(plan.warnings.join()).toContain('can go nowhere');
  expect(plan.steps.map(({ action }) => action)).toEqual(['audit.notify']);
  expect(outcome).toMatchObject({ status: 'succeeded' });
  expect(messages[0]?.text).toContain('there is nowhere that it may run');
  expect(await hostOf()).toBe(from);
});
