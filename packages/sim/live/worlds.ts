import { type Cloud, connect, type ConnectOptions, loadCloud } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';

/**
 * The two clouds that a parity test runs on: the simulated one, over its socket, and the real one of the lab. One test
 * body, no branch on which it is: where they differ, the simulated one is wrong.
 */
export interface World {
  readonly name: 'sim' | 'lab';
  /** Options that reach it as the administrator of project `admin`. */
  readonly admin: () => Promise<ConnectOptions>;
  /** … as `demo`, a member of project `demo`. */
  readonly member: () => Promise<ConnectOptions>;
}

const simulated = simulateCloud({ seed: 7, release: 'zed' });
let door: ReturnType<typeof simulated.listen> | undefined;

async function onSimulated(username: string): Promise<ConnectOptions> {
  const { connectOptions } = await (door ??= simulated.listen({ port: 0 }));
  return {
    ...connectOptions,
    auth: { ...connectOptions.auth, username, project_name: username },
    clock: simulated.clock,
  };
}

async function onLab(name: string): Promise<ConnectOptions> {
  const { auth, region_name } = loadCloud({ cloud: name });
  return { auth, region_name };
}

export const worlds: readonly World[] = [
  { name: 'sim', admin: () => onSimulated('admin'), member: () => onSimulated('demo') },
  { name: 'lab', admin: () => onLab('lab-admin'), member: () => onLab('lab-member') },
];

export const asAdmin = async (world: World, more: ConnectOptions = {}): Promise<Cloud> =>
  connect({ ...(await world.admin()), ...more });
export const asMember = async (world: World, more: ConnectOptions = {}): Promise<Cloud> =>
  connect({ ...(await world.member()), ...more });

/** A name that no other run uses: the lab keeps its data. */
export const unique = (what: string): string =>
  `parity-${what}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
