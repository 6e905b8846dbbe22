import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { explain, type Implementation, type Plan } from '@groundcrew/runbook';
import { planPath } from '../../src/path.ts';
import {
  type ApiEndpoints,
  commandExecutor,
  heartbeatsOf,
  planUpgrade,
  upgradeImplementations,
} from '../../src/run.ts';
import { addressOf, admitApi, drainApi } from './balancer.ts';
import { ComputeHosts } from './compute-hosts.ts';
import { labHosts } from './lab-hosts.ts';
import { labExecutable, type LabPlace, topology } from './lab-place.ts';
import { controlBy, packages, toolBy } from './lab-words.ts';

/** The control plane that is rolled, as a runner of a plan and a load upon it see it. */
export interface Site {
  /** Of the project whose servers and volumes there are. */
  readonly member: Cloud;
  readonly admin: Cloud;
  readonly hosts: ComputeHosts;
  readonly implementations: readonly Implementation[];
}

/**
 * @param cloudsYaml - in the directory of the lab's state
 * @param admitted - what is done beside the plan when a compute host takes servers again
 */
export function siteOf(
  cloudsYaml: string,
  admitted: (host: string, hosts: ComputeHosts) => Promise<void> = async () => undefined,
): Site {
  const place: LabPlace = { executable: labExecutable, directory: path.dirname(cloudsYaml) };
  const openCloud = (who: string): Cloud =>
    // Patience of a client would hide what is measured.
    connect({ cloud: `lab-roll-${who}`, env: { OS_CLIENT_CONFIG_FILE: cloudsYaml }, retries: 0 });
  const admin = openCloud('admin');
  const hosts = new ComputeHosts(admin, place);
  const executor = commandExecutor({
    sudo: false,
    packages,
    control: controlBy(place),
    rewrite: toolBy(place),
    endpoints: endpointsAt(place),
    heartbeats: heartbeatsOf(admin),
    takeOut: (input) => (input.kind === 'api' ? drainApi(place, input) : hosts.drain(input.host)),
    putBack: async (input) => {
      if (input.kind === 'api') return admitApi(place, input);
      await hosts.admit(input.host);
      await admitted(input.host, hosts);
    },
  });
  return {
    member: openCloud('member'),
    admin,
    hosts,
    implementations: upgradeImplementations({ hosts: labHosts(place), executor }),
  };
}

/** Each API, at its own address on each host. */
const endpointsAt = (place: LabPlace): ApiEndpoints['endpoints'] => ({
  keystone: async (host) => `${await addressOf(place, { service: 'keystone', host })}/v3`,
  'placement-api': async (host) => `${await addressOf(place, { service: 'placement', host })}/`,
  'cinder-api': async (host) => `${await addressOf(place, { service: 'cinder', host })}/`,
  'nova-api': async (host) => `${await addressOf(place, { service: 'nova', host })}/`,
  'neutron-api': async (host) => `${await addressOf(place, { service: 'neutron', host })}/`,
});

/** The plan of the hop, and its words. */
export function planOfHop(): { readonly plan: Plan; readonly text: string } {
  const found = planPath('2025.1', { to: '2026.1' });
  if (!found.ok) throw new Error(found.refusals[0].reason);
  const now = new Date().toISOString();
  const planned = planUpgrade(found.hops[0], {
    topology,
    now,
    // The databases are made anew for this: nothing is lost with them.
    proof: { at: now },
    drain: ['api', 'compute'],
  });
  if (!planned.ok) throw new Error(planned.refusals.map(({ reason }) => reason).join('\n'));
  return { plan: planned.plan, text: explain(planned.plan) };
}
