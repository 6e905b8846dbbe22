import { type Finding, type Journal, JournalError, memoryJournal, type Plan } from '@groundcrew/runbook';
import { describe, expect, test } from 'vitest';
import type { ExposureFinding } from '../../src/security-groups.ts';
import {
  decideResponses,
  disableProject,
  disableUser,
  editRules,
  imagePrivate,
  planResponses,
  planUndo,
  portDown,
  quarantine,
  type Response,
  responsePolicy,
  stop,
} from '../../src/response.ts';
import { carryOut, failed, planOf } from './carry-out.ts';
import { rule as anyRule } from '../security-groups/snapshot.ts';
import { cloudOfFile } from './simulated-cloud.ts';

// What must be true of the cloud immediately before each act, and that the act is refused where it is not.
const { cloud, aServer } = await cloudOfFile(11);

async function aPort(more: object = {}): Promise<string> {
  const { id: network_id } = await cloud.network.networks.create({ name: 'before' });
  const { id } = await cloud.network.ports.create({ network_id, ...more });
  return id;
}

/** An exposure of which only what the responses use is filled in. */
const exposed = (parts: Partial<ExposureFinding>): Finding => ({
  ...failed('security group', 'g'),
  coverage: { family: 'IPv4', direction: 'ingress', sources: 1, protocols: 'any', ports: '1-65535' },
  cause: [],
  fix: [],
  effective: [],
  ...parts,
});

function planFor(found: Finding, response: Response): Plan {
  const policy = responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [response] }] });
  const planned = planResponses(decideResponses([found], policy, [], 0), policy, {
    revisionOf: () => undefined,
  });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
}

const refusedFor = async (plan: Plan): Promise<unknown> => {
  const { outcome } = await carryOut(cloud, plan);
  return 'failures' in outcome ? outcome.failures.map(({ code }) => code) : outcome.status;
};

const effective = (port_id: string, device_id: string) => ({
  port_id,
  device_id,
  device_owner: 'compute:nova',
  exposed_by: 'floating_ip' as const,
  why: 'a test',
});

// First of all: later there is a quarantine of our own to be found.
test('a group of the name of the quarantine that is somebody’s own is not emptied', async () => {
  const { id: theirs } = await cloud.network.securityGroups.create({ name: 'groundcrew-quarantine' });
  const rules = async () =>
    (await cloud.network.securityGroups.get({ id: theirs })).security_group_rules.length;
  const before = await rules();
  expect(before).toBeGreaterThan(0);
  const port = await aPort();
  await carryOut(cloud, planOf('port', port, quarantine()));
  expect(await rules()).toBe(before);
  expect((await cloud.network.ports.get({ id: port })).security_groups).not.toEqual([theirs]);
});

describe('ports and servers that belong together no more', () => {
  test.each([
    ['quarantine', quarantine()],
    ['port-down', portDown()],
  ])('%s: the port is on another server now', async (_, response) => {
    const port = await aPort({ device_id: 'the-innocent', device_owner: 'compute:nova' });
    const plan = planFor(exposed({ effective: [effective(port, 'the-exposed')] }), response);
    expect(await refusedFor(plan)).toEqual(['audit.changed']);
    const { admin_state_up, security_groups } = await cloud.network.ports.get({ id: port });
    expect([admin_state_up, security_groups?.length]).toEqual([true, 1]);
  });

  test('stop: none of the ports by which it was judged is its own', async () => {
    const server = await aServer();
    const port = await aPort({ device_id: 'another', device_owner: 'compute:nova' });
    const plan = planFor(exposed({ effective: [effective(port, server)] }), stop());
    expect(await refusedFor(plan)).toEqual(['audit.changed']);
    expect((await cloud.compute.servers.get({ id: server })).status).toBe('ACTIVE');
  });

  test('as it was judged, it is done', async () => {
    const server = await aServer();
    const port = await aPort({ device_id: server, device_owner: 'compute:nova' });
    expect(await refusedFor(planFor(exposed({ effective: [effective(port, server)] }), stop()))).toBe(
      'succeeded',
    );
    expect(await refusedFor(planFor(exposed({ effective: [effective(port, server)] }), portDown()))).toBe(
      'succeeded',
    );
  });
});

describe('rules', () => {
  async function openGroup() {
    const { id } = await cloud.network.securityGroups.create({ name: 'rules' });
    const rule = await cloud.network.securityGroupRules.create({
      security_group_id: id,
      direction: 'ingress',
      ethertype: 'IPv4',
      description: 'asked for by Ada, ticket 7',
    });
    const { id: _id, normalized_cidr: _cidr, ...anything } = anyRule();
    const body = { ...anything, security_group_id: id };
    return { id, rule: { ...body, id: rule.id }, body };
  }
  const rulesOf = async (id: string) =>
    (await cloud.network.securityGroups.get({ id })).security_group_rules
      .filter(({ direction }) => direction === 'ingress')
      .map(({ remote_ip_prefix, description }) => `${remote_ip_prefix ?? 'all'} ${description ?? ''}`.trim());
  const fix = (id: string, edits: ExposureFinding['fix']) =>
    planFor(exposed({ subject: { kind: 'security group', id }, fix: edits }), editRules());

  test('a rule of that id that is not the one which was judged stays', async () => {
    const { id, rule } = await openGroup();
    const plan = fix(id, [{ edit: 'remove', rule: { ...rule, remote_ip_prefix: '0.0.0.0/1' } }]);
    expect(await refusedFor(plan)).toEqual(['audit.changed']);
    expect(await rulesOf(id)).toHaveLength(1);
  });

  test('undone, a rule comes back with its description', async () => {
    const { id, rule } = await openGroup();
    const { journal } = await carryOut(cloud, fix(id, [{ edit: 'remove', rule }]));
    expect(await rulesOf(id)).toEqual([]);
    const undo = planUndo(await journal.read());
    if (undo.ok) await carryOut(cloud, undo.plan);
    expect(await rulesOf(id)).toEqual(['all asked for by Ada, ticket 7']);
  });

  test('undone, a rule of somebody else that was to be added, and was there, stays', async () => {
    const { id, rule, body } = await openGroup();
    await cloud.network.securityGroupRules.create({
      security_group_id: id,
      direction: 'ingress',
      ethertype: 'IPv4',
      remote_ip_prefix: '192.0.2.0/24',
      description: 'the office',
    });
    const added = { ...body, remote_ip_prefix: '192.0.2.0/24' };
    const plan = fix(id, [
      { edit: 'add', rule: added },
      { edit: 'remove', rule },
    ]);
    const { journal } = await carryOut(cloud, plan);
    const undo = planUndo(await journal.read());
    if (undo.ok) await carryOut(cloud, undo.plan);
    expect((await rulesOf(id)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      '192.0.2.0/24 the office',
      'all asked for by Ada, ticket 7',
    ]);
  });
});

describe('an undo takes back what was done, and nothing that somebody made of it since', () => {
  test('a port that was given other groups', async () => {
    const port = await aPort();
    const { journal } = await carryOut(cloud, planOf('port', port, quarantine()));
    const { id: theirs } = await cloud.network.securityGroups.create({ name: 'theirs' });
    await cloud.network.ports.update({ id: port, security_groups: [theirs] });
    const undo = planUndo(await journal.read());
    expect(undo.ok && (await refusedFor(undo.plan))).toEqual(['audit.changed']);
    expect((await cloud.network.ports.get({ id: port })).security_groups).toEqual([theirs]);
  });

  test('an image that was shared', async () => {
    const { id } = await cloud.image.images.create({ name: 'i', visibility: 'public' });
    const { journal } = await carryOut(cloud, planOf('image', id, imagePrivate()));
    await cloud.image.images.update({
      id,
      patch: [{ op: 'replace', path: '/visibility', value: 'shared' }],
    });
    const undo = planUndo(await journal.read());
    expect(undo.ok && (await refusedFor(undo.plan))).toEqual(['audit.changed']);
    expect((await cloud.image.images.get({ id })).visibility).toBe('shared');
  });
});

test('nobody disables the user and the project that the run has', async () => {
  const token = await cloud.token();
  expect(await refusedFor(planOf('user', token?.user?.id ?? '', disableUser()))).toEqual([
    'audit.own-access',
  ]);
  expect(await refusedFor(planOf('project', token?.project?.id ?? '', disableProject()))).toEqual([
    'audit.own-access',
  ]);
});

test('killed after it acted, and found so: what it was before is not known, and is not undone', async () => {
  const port = await aPort();
  const plan = planOf('port', port, portDown());
  const journal = memoryJournal();
  // It dies between the act and the journal.
  const dying: Journal = {
    read: () => journal.read(),
    open: async (options) => {
      const open = await journal.open(options);
      return {
        ...open,
        append: (event, at) =>
          event.type === 'step-acted'
            ? Promise.reject(new JournalError('the disk is full'))
            : open.append(event, at),
        close: () => open.close(),
      };
    },
  };
  await carryOut(cloud, plan, { journal: dying });
  expect((await cloud.network.ports.get({ id: port })).admin_state_up).toBe(false);
  const { outcome } = await carryOut(cloud, plan, { journal });
  expect(outcome.status).toBe('succeeded');
  expect(planUndo(await journal.read())).toMatchObject({
    ok: false,
    refusals: [{ reason: expect.stringContaining('what it was before is not known') }],
  });
});

test('a plan says of what no revision was read', () => {
  expect(planOf('port', 'p', portDown()).warnings).toEqual([
    'of port p no revision was read: a change since the findings is not noticed by it',
  ]);
});
