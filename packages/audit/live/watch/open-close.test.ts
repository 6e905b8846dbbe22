import { waitUntil } from '@groundcrew/lab';
import { type Finding, memoryJournal, run } from '@groundcrew/runbook';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isExposure, observeSecurityGroups, type WatchEvents } from '../../src/security-groups.ts';
import {
  channel,
  decideResponses,
  editRules,
  memoryNotices,
  type Message,
  notify,
  planResponses,
  planUndo,
  responseEvents,
  responseImplementations,
  responsePolicy,
  responseContext,
  revisionsIn,
} from '../../src/response.ts';
import { type WatchedLab, watchedLab } from '../watched-lab.ts';

// From end to end: a tenant opens everything; it is found, with who did it; after approval exactly that is taken away;
// and the undo brings it back.
let site: WatchedLab;
const found: WatchEvents['found'][0][] = [];
const resolved: Finding[] = [];
const troubles: unknown[] = [];

beforeAll(async () => {
  site = await watchedLab('open');
  site.watch.events.on('found', (entry) => found.push(entry));
  site.watch.events.on('resolved', ({ finding }) => resolved.push(finding));
  site.watch.events.on('trouble', ({ error }) => troubles.push(error));
}, 1_800_000);
afterAll(() => site?.[Symbol.asyncDispose]());

const rulesNow = async () =>
  (await site.tenant.network.securityGroups.get({ id: site.group })).security_group_rules;
const bodies = async (): Promise<string[]> =>
  (await rulesNow())
    .map((rule) =>
      [rule.direction, rule.ethertype, rule.protocol, rule.port_range_min, rule.remote_ip_prefix].join(' '),
    )
    .toSorted((a, b) => a.localeCompare(b));
const isOurs = (finding: Finding): boolean => finding.subject.id === site.group;
const allowAll = (): WatchEvents['found'][0] | undefined =>
  found.find(({ finding }) => isOurs(finding) && finding.id === 'audit.allow-all');

test('a tenant opens everything: found, with who, from where, when, by which request', async () => {
  const { tenant, group, name } = site;
  const requests: string[] = [];
  tenant.events.on('response', ({ operation, requestId }) => {
    if (operation === 'securityGroupRules.create' && requestId !== undefined) requests.push(requestId);
  });
  // Rules that are meant to be so, and stay.
  const harmless = {
    security_group_id: group,
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
  } as const;
  await tenant.network.securityGroupRules.create({ ...harmless, port_range_min: 443, port_range_max: 443 });
  // In two halves, which no pattern sees.
  for (const remote_ip_prefix of ['0.0.0.0/1', '128.0.0.0/1'])
    await tenant.network.securityGroupRules.create({
      security_group_id: group,
      direction: 'ingress',
      ethertype: 'IPv4',
      remote_ip_prefix,
    });
  const answered = performance.now();
  await waitUntil(async () => allowAll() !== undefined, { within: 30_000, what: 'the finding' });
  process.stdout.write(
    `found and attributed ${Math.round(performance.now() - answered)} ms after the API's answer\n`,
  );
  const one = allowAll();
  expect(troubles).toEqual([]);
  const token = await tenant.token();
  expect(one?.finding).toMatchObject({ verdict: 'fail', severity: 'high', subject: { id: group, name } });
  expect(one?.attributions).toHaveLength(2);
  for (const attribution of one?.attributions ?? []) {
    expect(attribution).toMatchObject({
      confidence: 'certain',
      who: { known: true, value: { user_id: token?.user?.id } },
      project: { known: true, value: token?.project?.id },
      address: { known: true, value: '127.0.0.1' },
      at: { known: true },
      outcome: { known: true, value: 'success' },
    });
    expect(requests).toContain(attribution.request_id.known ? attribution.request_id.value : 'unknown');
  }
});

test('enforced after approval: exactly that is removed, its owner is told, and the undo brings it back', async () => {
  const { admin, trail, watch, group } = site;
  const before = await bodies();
  const findings = watch.findings.filter(isOurs);
  const messages: Message[] = [];
  const channels = [channel('owner', async (message) => void messages.push(message))];
  const notices = memoryNotices();
  const policy = responsePolicy({
    mode: 'enforce',
    rules: [{ finding: 'audit.allow-all', do: [notify('owner'), editRules()] }],
  });
  const implementations = responseImplementations({ cloud: admin, channels, notices });
  const decided = decideResponses(findings, policy, await notices.read(), Date.now());
  const plan = planResponses(decided, policy, responseContext(await observeSecurityGroups(admin)));
  if (!plan.ok) throw new Error(plan.refusals.map(({ reason }) => reason).join('\n'));
  const journal = memoryJournal();
  const go = { implementations: implementations, revisionOf: revisionsIn(admin), by: 'the security officer' };
  // Not what was approved: nothing happens.
  const other = await run(plan.plan, {
    ...go,
    approved: `sha256:${'0'.repeat(64)}`,
    journal: memoryJournal(),
  }).outcome;
  expect(other.status).toBe('refused');
  expect(await bodies()).toEqual(before);

  const outcome = await run(plan.plan, { ...go, approved: plan.plan.digest, journal }).outcome;
  expect(outcome).toMatchObject({ status: 'succeeded' });
  const [finding] = findings.filter(isExposure).filter(({ id }) => id === 'audit.allow-all');
  expect(await bodies()).toEqual(
    before.filter((text) => !text.includes('0.0.0.0/1') && !text.includes('128.0.0.0/1')),
  );
  expect(messages).toHaveLength(1);
  expect(messages[0]?.text).toContain(finding?.title);
  await waitUntil(async () => resolved.some((entry) => isOurs(entry) && entry.id === 'audit.allow-all'), {
    within: 30_000,
    what: 'resolved',
  });

  // It is in the trail who approved, and what was done.
  await trail.append(responseEvents(await journal.read()));
  const told = await Array.fromAsync(trail.find({ kind: 'groundcrew', to: { id: group } }));
  expect(told.map(({ event }) => event)).toMatchObject([
    { action: 'audit.edit-rules', outcome: 'success', who: { user_name: 'the security officer' } },
  ]);

  // A plan for what was so before is refused now.
  const late = await run(plan.plan, { ...go, approved: plan.plan.digest, journal: memoryJournal() }).outcome;
  expect(late).toMatchObject({ status: 'refused', refusals: [{ code: 'run.target-moved' }] });

  found.length = 0;
  const undo = planUndo(await journal.read());
  if (!undo.ok) throw new Error(undo.refusals.map(({ reason }) => reason).join('\n'));
  const back = await run(undo.plan, { ...go, approved: undo.plan.digest, journal: memoryJournal() }).outcome;
  expect(back).toMatchObject({ status: 'succeeded' });
  expect(await bodies()).toEqual(before);
  await waitUntil(async () => allowAll() !== undefined, { within: 30_000, what: 'found again' });
  expect(troubles).toEqual([]);
});
