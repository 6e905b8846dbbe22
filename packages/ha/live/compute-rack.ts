import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type IpmiSim, type Lab, startIpmiSim, waitUntil } from '@groundcrew/lab';
import { localHost } from '@groundcrew/runbook/hosts';
import { type Fencer, fencer } from '../src/fencing/fencer.ts';
import { ipmiDriver } from '../src/fencing/ipmi.ts';
import { NOVA, readCloudView } from '../src/instances/cloud-view.ts';
import type { Observer } from '../src/instances/observation.ts';

const HOSTS = ['compute-1', 'compute-2', 'compute-3'];

/** The lab's three compute hosts, each with a real IPMI board, and an agent's eye on its process. */
export interface Rack extends AsyncDisposable {
  readonly lab: Lab;
  readonly cloud: Cloud;
  readonly ipmi: IpmiSim;
  readonly fence: Fencer;
  /** Sees whether a host's nova-compute process lives, as an agent on the machine would. */
  readonly agent: Observer;
  /** Creates servers on a host, and waits until they are ACTIVE. */
  readonly fill: (host: string, count: number) => Promise<string[]>;
  /** SIGKILL, without a word. */
  readonly crash: (host: string) => Promise<void>;
  /** Where the servers are, and how. */
  readonly where: (
    servers: readonly string[],
  ) => Promise<{ readonly id: string; readonly host: string; readonly status: string }[]>;
  /** Starts and enables whatever a test left off. */
  readonly repair: () => Promise<void>;
}

export async function openRack(only: 'core' | 'full' = 'core'): Promise<Rack> {
  const lab = await ensureLab({ only });
  const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml };
  const cloud = connect({ cloud: lab.cloud('admin'), env });
  const { executable, directory } = labCommand(lab);
  // Until the rack is whole, nobody else ends what was started for it.
  await using begun = new AsyncDisposableStack();
  const ipmi = await startIpmiSim({
    hosts: HOSTS,
    // Power off is the death of what runs there; power on starts it, in its own time.
    onPower: (host) => [
      'env',
      `LAB_DIR=${directory}`,
      'setsid',
      'sh',
      '-c',
      POWER,
      executable,
      `lab.${host}`,
    ],
  });
  begun.use(ipmi);
  const boards = Object.fromEntries(HOSTS.map((host) => [host, ipmi.board(host).account]));
  const fence = fencer({ drivers: [ipmiDriver({ via: localHost(), hosts: boards })] });
  const servers: string[] = [];
  let image: string | undefined;
  const pidOf = async (host: string): Promise<number | undefined> => {
    // Its pid and start time, as the lab wrote them; `lab status` would take a second, which is long for a look.
    const record = await readFile(path.join(directory, 'run', `lab.${host}.pid`), 'utf8').catch(() => '');
    const pid = Number.parseInt(record, 10);
    const state = /\) (\w)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.[1];
    return state === undefined || state === 'Z' ? undefined : pid;
  };
  const nova = cloud.compute.at(NOVA);
  const whole = async (): Promise<boolean> => {
    const hosts = (await readCloudView(cloud)).hosts ?? [];
    const off = hosts.filter(({ host, enabled, up }) => HOSTS.includes(host) && !(enabled && up));
    for (const { service } of off)
      // Nova refuses until the host has deleted what was evacuated.
      await nova.services
        .update({ id: service, status: 'enabled', forced_down: false })
        .catch(() => undefined);
    return off.length === 0;
  };

  const rack: Rack = {
    lab,
    cloud,
    ipmi,
    fence,
    agent: {
      id: 'agent',
      observe: (hosts) =>
        Promise.all(
          hosts.map(async (host) => {
            const state = (await pidOf(host)) === undefined ? 'down' : 'up';
            return { host, observer: 'agent', at: Date.now(), state, statement: `its process is ${state}` };
          }),
        ),
    },
    async fill(host, count) {
      const flavor = await cloud.compute.flavors.find('m1.nano');
      image ??= await anImage(cloud);
      const made = await Promise.all(
        Array.from({ length: count }, async (_, at) => {
          const name = `ha-${at + 1}`;
          const fields = {
            name,
            flavorRef: flavor.id,
            imageRef: image,
            networks: 'none' as const,
            host,
          };
          return (await cloud.compute.at('2.74').servers.create(fields)).id;
        }),
      );
      servers.push(...made);
      await Promise.all(made.map((id) => cloud.compute.servers.waitFor(id, 'ACTIVE', { patience: 120_000 })));
      return made;
    },
    async crash(host) {
      const pid = await pidOf(host);
      if (pid === undefined) throw new Error(`${host} is dead already`);
      process.kill(-pid, 'SIGKILL');
    },
    where: (ids) =>
      Promise.all(
        ids.map(async (id) => {
          const server = await nova.servers.get({ id });
          return { id, host: server['OS-EXT-SRV-ATTR:host'] ?? '', status: server.status };
        }),
      ),
    async repair() {
      for (const host of HOSTS) if ((await pidOf(host)) === undefined) await lab.start(host);
      await waitUntil(whole, { within: 120_000, what: 'three compute hosts that are up and enabled' });
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(servers.map((id) => cloud.compute.servers.delete({ id })));
      await Promise.allSettled(servers.map((id) => cloud.compute.servers.waitGone(id, { patience: 60_000 })));
      if (image !== undefined) await cloud.image.images.delete({ id: image });
      await rack.repair();
      await ipmi[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    },
  };
  begun.move();
  return rack;
}

async function anImage(cloud: Cloud): Promise<string> {
  const { id } = await cloud.image.images.create({
    name: 'ha',
    disk_format: 'raw',
    container_format: 'bare',
  });
  await cloud.image.data.upload({ id }, new Uint8Array(65_536));
  return id;
}

/** $0: the lab command, $1: the daemon, $2: on or off. Off is waited for, since it is to be proven; on is not. */
const POWER = 'case $2 in off) "$0" stop "$1" ;; on) "$0" start "$1" & ;; esac';

export const labCommand = (lab: Lab): { readonly executable: string; readonly directory: string } => ({
  executable: new URL('../../lab/lab', import.meta.url).pathname,
  directory: new URL('.', `file://${lab.cloudsYaml}`).pathname,
});
