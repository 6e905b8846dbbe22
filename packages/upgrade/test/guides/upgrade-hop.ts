// A block of docs/guides/upgrade.md: upgrade.test.ts compares them.
import { httpProbe } from '@groundcrew/monitoring';
import { explain, fileJournal, run } from '@groundcrew/runbook';
import { sshHost } from '@groundcrew/runbook/hosts';
import { planPath } from '@groundcrew/upgrade/path';
import { commandExecutor, planUpgrade, upgradeImplementations, upgradeMeter } from '@groundcrew/upgrade/run';

const path = planPath('2025.1', { to: '2026.1' });
if (!path.ok) throw new TypeError(path.refusals[0].reason);
const controller = ['keystone', 'nova-conductor', 'nova-scheduler', 'nova-api'];
const topology = {
  hosts: [
    { name: 'ctl-1', runs: controller },
    { name: 'ctl-2', runs: controller },
    { name: 'cmp-1', runs: ['nova-compute'] },
  ],
};
const proof = { at: new Date().toISOString() }; // in earnest: the RestoreProof of the last drill
const planned = planUpgrade(path.hops[0], { topology, now: new Date().toISOString(), proof });
if (!planned.ok) throw new TypeError(planned.refusals.map(({ reason }) => reason).join('; '));
console.log(explain(planned.plan));

const journal = fileJournal('/var/lib/groundcrew/upgrade.journal');
await using meter = upgradeMeter({
  probes: [
    { name: 'tokens', of: 'api', service: 'keystone', probe: httpProbe('https://keystone.example.com/v3') },
    { name: 'nova', of: 'api', service: 'nova', probe: httpProbe('https://nova.example.com/') },
    { name: 'web', of: 'workload', service: 'nova', probe: httpProbe('http://198.51.100.7/') },
  ],
  budget: 3,
});
const execution = run(planned.plan, {
  approved: planned.plan.digest, // in earnest: what the person who read it typed
  implementations: upgradeImplementations({
    hosts: topology.hosts.map(({ name }) => sshHost({ host: name })),
    executor: commandExecutor({
      units: { keystone: ['apache2'] },
      endpoints: {
        keystone: (host) => `http://${host}:5000/v3`,
        'nova-api': (host) => `http://${host}:8774/`,
      },
    }),
  }),
  journal,
});
meter.guard(execution);
console.log((await execution.outcome).status); // paused: a budget that is spent, or the gate. The same call goes on
const { class: reached, failed } = await meter.verdict({ plan: planned.plan, records: await journal.read() });
console.log(reached, failed);
