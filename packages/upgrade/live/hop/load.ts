import type { Cloud } from '@groundcrew/core';
import { type CloudProbe, listProbe, probe, tokenProbe, volumeProbe } from '@groundcrew/monitoring/probes';
import type { UpgradeProbe } from '../../src/run.ts';
import type { ComputeHosts } from './compute-hosts.ts';
import type { Estate } from './estate.ts';
import type { Site } from './site.ts';

/** Whoever waits longer for one answer has given up. */
const LIMIT = '15s';
const PATIENCE = '2m';

/** The names of what the load makes. */
export const MARK = 'load-of-hop';

/** The life of a server as its user has it: created, stopped, started, deleted. */
function serverLife({ image, flavor, network }: Estate): CloudProbe {
  return {
    name: 'server life',
    async run({ cloud, making, metadata, name, remove, step }) {
      const { servers } = cloud.compute.at('2.37');
      making('server');
      const { id } = await step('create', LIMIT, (call) =>
        servers.create(
          { name, metadata, imageRef: image, flavorRef: flavor, networks: [{ uuid: network }] },
          call,
        ),
      );
      const until = (state: 'ACTIVE' | 'SHUTOFF'): Promise<unknown> =>
        step(state, PATIENCE, (call) =>
          servers.waitFor(id, state, { ...call, patience: PATIENCE, interval: '500ms' }),
        );
      await until('ACTIVE');
      await step('stop', LIMIT, (call) => servers.stop({ id }, call));
      await until('SHUTOFF');
      await step('start', LIMIT, (call) => servers.start({ id }, call));
      await until('ACTIVE');
      await step('delete', PATIENCE, (call) => remove('server', id, PATIENCE, call));
    },
  };
}

const providers: CloudProbe = {
  name: 'list resource providers',
  run: ({ cloud, step }) =>
    step('list', LIMIT, async (call) => {
      await Array.fromAsync(cloud.placement.resourceProviders.list({}, call));
    }),
};

/** Moves a standing server on: alive and with its power off, in turns. */
function moves(hosts: ComputeHosts, { moving }: Estate): CloudProbe {
  let turn = 0;
  return {
    name: 'move a server',
    run: ({ step }) => {
      turn += 1;
      const how = turn % 2 === 0 ? 'cold' : 'live';
      return step(how, PATIENCE, ({ signal }) => hosts.moveOn(moving, how, signal));
    },
  };
}

interface Used extends Pick<Site, 'member' | 'admin' | 'hosts'> {
  readonly estate: Estate;
}

/** What is asked through the whole hop. */
export function loadOf({ member, admin, hosts, estate }: Used): UpgradeProbe[] {
  const asked = (cloud: Cloud, service: string, what: CloudProbe): UpgradeProbe => ({
    name: what.name,
    of: 'api',
    service,
    probe: probe(cloud, what, { mark: MARK }),
  });
  const slow = (cloud: Cloud, service: string, what: CloudProbe): UpgradeProbe => ({
    ...asked(cloud, service, what),
    interval: '1m',
    timeout: '4m',
  });
  return [
    asked(member, 'keystone', tokenProbe({ limit: LIMIT })),
    asked(member, 'nova', listProbe({ of: 'servers', limit: LIMIT })),
    asked(member, 'neutron', listProbe({ of: 'networks', limit: LIMIT })),
    asked(member, 'cinder', listProbe({ of: 'volumes', limit: LIMIT })),
    asked(admin, 'placement', providers),
    slow(member, 'nova', serverLife(estate)),
    slow(member, 'cinder', volumeProbe({ createLimit: PATIENCE, deleteLimit: PATIENCE })),
    slow(admin, 'nova', moves(hosts, estate)),
  ];
}
