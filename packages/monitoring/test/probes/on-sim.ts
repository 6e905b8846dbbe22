import { type Cloud, connect } from '@groundcrew/core';
import { type Listening, type SimulatedCloud, simulateCloud } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';
import { type CloudProbe, probe, type ProbeOptions, type ProbeReport } from '../../src/probes.ts';

/** A simulated cloud of this test alone, with its user `demo` and what a server needs. */
export interface OnSim {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  /** The administrator, in project `admin`. */
  readonly admin: Cloud;
  readonly image: string;
  readonly flavor: string;
  /** Names of servers and volumes of all projects. */
  readonly everything: () => Promise<string[]>;
  /** Runs a probe once. */
  readonly once: (
    what: CloudProbe,
    options?: ProbeOptions,
  ) => Promise<{ answer: Answer; report: ProbeReport }>;
}

type Answer = Awaited<ReturnType<ReturnType<typeof probe>>>;

export async function onSim(): Promise<OnSim> {
  const simulated = simulateCloud({ seed: 3, release: 'zed' });
  onTestFinished(() => simulated.close());
  const { connectOptions } = await simulated.listen({ port: 0 });
  const as = (name: string): Cloud => connect(optionsAs(simulated, connectOptions, name));
  const [cloud, admin] = [as('demo'), as('admin')];
  const [image] = await Array.fromAsync(cloud.image.images.list());
  const flavor = await cloud.compute.flavors.find('m1.nano');
  return {
    simulated,
    cloud,
    admin,
    image: image?.id ?? '',
    flavor: flavor.id,
    async everything() {
      const servers = await Array.fromAsync(admin.compute.servers.list({ all_tenants: true }));
      const volumes = await Array.fromAsync(admin.blockStorage.volumes.list({ all_tenants: true }));
      return [...servers, ...volumes].map(({ name }) => String(name)).toSorted();
    },
    async once(what, options = {}) {
      const reports: ProbeReport[] = [];
      const onReport = (report: ProbeReport): void => void reports.push(report);
      const answer = await probe(cloud, what, { ...options, onReport })(new AbortController().signal);
      const [report] = reports;
      if (report === undefined) throw new Error('there was no report');
      return { answer, report };
    },
  };
}

function optionsAs(simulated: SimulatedCloud, options: Listening['connectOptions'], name: string) {
  const auth = { ...options.auth, username: name, project_name: name };
  return { ...options, auth, clock: simulated.clock, random: () => 0.5 };
}
