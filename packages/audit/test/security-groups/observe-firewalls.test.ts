import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { observeSecurityGroups } from '../../src/security-groups.ts';

// The simulated Neutron has no FWaaS: what is of it is answered here.
const group = (id: string, policy: string | null) => ({
  id,
  name: '',
  description: '',
  project_id: 'p1',
  tenant_id: 'p1',
  admin_state_up: true,
  status: 'ACTIVE',
  shared: false,
  ports: [],
  ingress_firewall_policy_id: policy,
  egress_firewall_policy_id: null,
});
const policy = (id: string, firewall_rules: readonly string[]) => ({
  id,
  name: '',
  description: '',
  project_id: 'p1',
  audited: false,
  shared: false,
  firewall_rules,
});
const rule = (id: string) => ({
  id,
  name: '',
  description: '',
  project_id: 'p1',
  action: 'allow',
  enabled: true,
  ip_version: 4,
  protocol: 'tcp',
  source_ip_address: null,
  destination_ip_address: null,
  source_port: null,
  destination_port: '443',
  firewall_policy_id: ['policy'],
  shared: false,
});

async function cloudWith(answers: Readonly<Record<string, unknown>>) {
  const simulated = simulateCloud();
  const { connectOptions } = await simulated.listen();
  const asked: string[] = [];
  const cloud = connect({
    ...connectOptions,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input);
      const name = /\/(?:fwaas\/|v2\.0\/(?=routers))(\w+)/.exec(url)?.[1];
      if (name === undefined || (name === 'routers' && !('routers' in answers))) return fetch(input, init);
      asked.push(name);
      const answer = answers[name];
      return answer === undefined ? new Response('{}', { status: 403 }) : Response.json({ [name]: answer });
    },
  });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
  });
  return { cloud, asked };
}

test('a policy is read with its rules, in its order', async () => {
  const { cloud, asked } = await cloudWith({
    firewall_groups: [group('f', 'policy'), group('shut', null), group('lost', 'another')],
    firewall_policies: [policy('policy', ['b', 'a']), policy('another', ['a', 'not to be seen'])],
    firewall_rules: [rule('a'), rule('b')],
  });
  const { firewallGroups } = await observeSecurityGroups(cloud);
  expect(
    firewallGroups.value.map(({ id, ingress_rules }) => [id, ingress_rules?.map((entry) => entry.id)]),
  ).toEqual([
    ['f', ['b', 'a']],
    ['shut', undefined],
    ['lost', undefined],
  ]);
  expect(firewallGroups).toMatchObject({ completeness: 'complete', gaps: [] });
  expect(asked.toSorted()).toEqual(['firewall_groups', 'firewall_policies', 'firewall_rules']);
});

test('rules that may not be seen: a gap, and no rules', async () => {
  const { cloud } = await cloudWith({
    firewall_groups: [group('f', 'policy')],
    firewall_policies: [policy('policy', ['a'])],
  });
  const { firewallGroups } = await observeSecurityGroups(cloud);
  expect(firewallGroups.value[0]?.ingress_rules).toBeUndefined();
  expect(firewallGroups.gaps.map(({ what, kind }) => [what, kind])).toEqual([['firewall rules', 'denied']]);
});

test('no group with a policy: nothing more is asked', async () => {
  const { cloud, asked } = await cloudWith({ firewall_groups: [group('f', null)] });
  await observeSecurityGroups(cloud);
  expect(asked).toEqual(['firewall_groups']);
});

// neutron/conf/policies/router.py: `get_router:distributed` is for administrators.
test('where a router does not tell whether it is distributed, it is asked whether any could be', async () => {
  const router = {
    id: 'r',
    name: 'r',
    project_id: 'p1',
    tenant_id: 'p1',
    admin_state_up: true,
    status: 'ACTIVE',
    external_gateway_info: null,
  };
  const firewall_groups = [group('f', null)];
  const told = await cloudWith({ firewall_groups, routers: [{ ...router, distributed: false }] });
  expect((await observeSecurityGroups(told.cloud)).extensions).toBeUndefined();
  const hidden = await cloudWith({ firewall_groups, routers: [router] });
  expect((await observeSecurityGroups(hidden.cloud)).extensions?.value).toContain('dvr');
  const open = await cloudWith({ firewall_groups: [], routers: [router] });
  expect((await observeSecurityGroups(open.cloud)).extensions).toBeUndefined();
});
