// What is not told of a port before it is shut in: whose it is.
import { responsePolicy, decideResponses, planResponses, quarantine } from '../../src/response.ts';
import { carryOut, failed } from '../response/carry-out.ts';
import { expect, test } from 'vitest';
import { behindGateway } from './gateway.ts';

const policy = responsePolicy({ mode: 'enforce', rules: [{ finding: '*', do: [quarantine()] }] });
const planFor = (port: string) => {
  const due = decideResponses([failed('port', port)], policy, [], 0);
  const planned = planResponses(due, policy, { revisionOf: () => undefined });
  if (!planned.ok) throw new Error(planned.refusals[0].reason);
  return planned.plan;
};

// neutron/pecan_wsgi/hooks/policy_enforcement.py leaves out what `get_port:project_id` forbids; neutron/db/l3_db.py makes ports of
// the project ''.
test.each([
  { project_id: undefined, tenant_id: undefined },
  { project_id: null, tenant_id: null },
  { project_id: '', tenant_id: '' },
])('a port of %j goes into no quarantine of nobody', async (owner) => {
  const { cloud, answers } = await behindGateway();
  const { id: network_id } = await cloud.network.networks.create({ name: 'n' });
  const port = await cloud.network.ports.create({ network_id });
  answers('GET', /\/v2\.0\/ports\/[^/?]+$/, (body) => ({ port: { ...(body['port'] as object), ...owner } }));
  const { outcome } = await carryOut(cloud, planFor(port.id));
  expect(outcome).toMatchObject({ failures: [{ code: 'audit.project-unknown' }] });
  const groups = await Array.fromAsync(cloud.network.securityGroups.list({ name: 'groundcrew-quarantine' }));
  expect(groups).toEqual([]);
  answers('GET', /\/v2\.0\/ports\/[^/?]+$/, (body) => body);
  expect((await cloud.network.ports.get({ id: port.id })).security_groups).toEqual(port.security_groups);
});
