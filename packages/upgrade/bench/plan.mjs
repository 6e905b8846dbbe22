// What is measured, in a process of its own, from what `pnpm build` made: plans the upgrade of a cloud with so many computes.
import { readFileSync } from 'node:fs';
import { planPath } from '@groundcrew/upgrade/path';
import { planUpgrade } from '@groundcrew/upgrade/run';

const count = Number(process.argv[2] ?? 200);
const path = planPath('2025.1', { to: '2026.1', day: '2026-11-30' });
if (!path.ok) throw new Error(path.refusals[0].reason);
const controller = [
  'keystone',
  'placement-api',
  'nova-conductor',
  'nova-scheduler',
  'nova-api',
  'neutron-server',
];
const topology = {
  hosts: [
    ...['ctl-1', 'ctl-2', 'ctl-3'].map((name) => ({ name, runs: controller })),
    ...Array.from({ length: count }, (_, at) => ({
      name: `compute-${at}`,
      runs: ['nova-compute', 'neutron-openvswitch-agent'],
    })),
  ],
};
const now = '2026-11-30T12:00:00Z';
const start = performance.now();
const planned = planUpgrade(path.hops[0], { topology, now, proof: { at: now }, wave: 20 });
const ms = performance.now() - start;
if (!planned.ok) throw new Error(planned.refusals[0].reason);
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
process.stdout.write(JSON.stringify({ ms, peak, steps: planned.plan.steps.length }));
