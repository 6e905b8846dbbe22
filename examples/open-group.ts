// A tenant opens everything: found exactly, repaired after approval, and brought back by the undo.
import { assessSecurityGroups, isExposure, observeSecurityGroups } from '@groundcrew/audit/security-groups';
import {
  decideResponses,
  editRules,
  memoryNotices,
  planResponses,
  planUndo,
  responseImplementations,
  responsePolicy,
  responseContext,
  revisionsIn,
} from '@groundcrew/audit/response';
import { connect } from '@groundcrew/core';
import { explain, memoryJournal, run } from '@groundcrew/runbook';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud();
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

// In two halves, which no pattern sees; and HTTPS, which is meant.
const group = await cloud.network.securityGroups.create({ name: 'web' });
const rules = [
  { remote_ip_prefix: '0.0.0.0/1' },
  { remote_ip_prefix: '128.0.0.0/1' },
  { protocol: 'tcp', port_range_min: 443, port_range_max: 443 },
];
for (const rule of rules)
  await cloud.network.securityGroupRules.create({
    security_group_id: group.id,
    direction: 'ingress',
    ethertype: 'IPv4',
    ...rule,
  });

// The office keeps its access.
const snapshot = await observeSecurityGroups(cloud);
const findings = assessSecurityGroups(snapshot, { keep: ['192.0.2.0/24'] }).filter(isExposure);
for (const { severity, title, cause } of findings) console.log(severity, title, `(${cause.length} rules)`);

const policy = responsePolicy({
  mode: 'enforce',
  rules: [{ finding: 'audit.allow-all', do: [editRules()] }],
});
const planned = planResponses(
  decideResponses(findings, policy, [], Date.now()),
  policy,
  responseContext(snapshot),
);
if (!planned.ok) throw new Error(planned.refusals[0].reason);
console.log(explain(planned.plan));

const journal = memoryJournal();
const go = {
  implementations: responseImplementations({ cloud, channels: [], notices: memoryNotices() }),
  revisionOf: revisionsIn(cloud),
};
const count = async (): Promise<number> =>
  (await cloud.network.securityGroups.get({ id: group.id })).security_group_rules.length;
const before = await count();
// Somebody reads the plan and approves its digest.
const { status } = await run(planned.plan, { ...go, approved: planned.plan.digest, journal }).outcome;
console.log(`${status}: ${before} rules, then ${await count()}`);

const undo = planUndo(await journal.read());
if (!undo.ok) throw new Error(undo.refusals[0].reason);
await run(undo.plan, { ...go, approved: undo.plan.digest, journal: memoryJournal() }).outcome;
console.log(`undone: ${await count()} rules again`);
