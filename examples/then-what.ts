// A tenant opens everything, and nobody mends it: its owner is told, and after three days, and a yes, it is closed.
import { assessSecurityGroups, observeSecurityGroups } from '@groundcrew/audit/security-groups';
import {
  after,
  channel,
  editRules,
  memoryNotices,
  notify,
  responseController,
  responsePolicy,
  responseContext,
} from '@groundcrew/audit/response';
import { connect } from '@groundcrew/core';
import { memoryJournal, memoryState } from '@groundcrew/runbook';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud();
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });
const start = cloud.clock.now();
const say = (text: string): void =>
  console.log(`day ${Math.floor((cloud.clock.now() - start) / 86_400_000)}: ${text}`);

const { id: group } = await cloud.network.securityGroups.create({ name: 'web' });
await cloud.network.securityGroupRules.create({
  security_group_id: group,
  direction: 'ingress',
  ethertype: 'IPv4',
});

const stop = new AbortController();
const controller = responseController({
  cloud,
  async look({ signal }) {
    const snapshot = await observeSecurityGroups(cloud, { signal });
    return { findings: assessSecurityGroups(snapshot), context: responseContext(snapshot) };
  },
  policy: responsePolicy({
    mode: 'enforce',
    rules: [{ finding: 'audit.allow-all', do: [notify('owner'), after('3d', editRules())] }],
  }),
  channels: [channel('owner', async ({ subject }) => say(`told its owner: ${subject}`))],
  approve: async (plan) => {
    say(`asked: ${plan.title}`);
    return { by: 'the security officer' };
  },
  // In memory, since this is one process that ends; otherwise fileNotices, fileState and fileJournal.
  notices: memoryNotices(),
  state: memoryState(),
  journal: () => memoryJournal(),
  interval: '1h',
});
controller.events.on('ended', ({ outcome }) => say(outcome.status));
controller.events.on('trouble', ({ error }) => console.error(error));
controller.events.on('decided', ({ findings }) => {
  if (!findings.some(({ id, verdict }) => id === 'audit.allow-all' && verdict === 'fail')) stop.abort();
});
await controller.run({ signal: stop.signal });
say('nothing is open');
