import { type Cloud, connect, type ConnectOptions, loadCloud } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';

/**
 * The two clouds that a parity test runs on: the simulated one, over its socket, and the real one of the lab. One test
 * body, no branch on which it is: where they differ, the simulated one is wrong.
 */
export interface ParityCloud {
  readonly name: 'sim' | 'lab';
  /** Options that reach it as the administrator of project `admin`. */
  readonly admin: () => Promise<ConnectOptions>;
  /** … as `demo`, a member of project `demo`. */
  readonly member: () => Promise<ConnectOptions>;
  /** … as `demo-reader`, who may only look into project `demo`. */
  readonly reader: () => Promise<ConnectOptions>;
}

export const simulated = simulateCloud({ seed: 7, release: 'zed', loadBalancer: true, objectStore: true });
let listening: ReturnType<typeof simulated.listen> | undefined;

async function onSimulated(username: string, project = username): Promise<ConnectOptions> {
  const { connectOptions } = await (listening ??= simulated.listen({ port: 0 }));
  return {
    ...connectOptions,
    auth: { ...connectOptions.auth, username, project_name: project },
    clock: simulated.clock,
  };
}

async function onLab(name: string): Promise<ConnectOptions> {
  const { auth, region_name } = loadCloud({ cloud: name });
  return { auth, region_name };
}

export const parityClouds: readonly ParityCloud[] = [
  {
    name: 'sim',
    admin: () => onSimulated('admin'),
    member: () => onSimulated('demo'),
    reader: () => onSimulated('demo-reader', 'demo'),
  },
  {
    name: 'lab',
    admin: () => onLab('lab-admin'),
    member: () => onLab('lab-member'),
    reader: () => onLab('lab-reader'),
  },
];

export const asAdmin = async (parityCloud: ParityCloud, more: ConnectOptions = {}): Promise<Cloud> =>
  connect({ ...(await parityCloud.admin()), ...more });
export const asMember = async (parityCloud: ParityCloud, more: ConnectOptions = {}): Promise<Cloud> =>
  connect({ ...(await parityCloud.member()), ...more });

export const asReader = async (parityCloud: ParityCloud, more: ConnectOptions = {}): Promise<Cloud> =>
  connect({ ...(await parityCloud.reader()), ...more });

/** A member of a project of its own, made for this test. Undone by `later`. */
export async function aStranger(
  parityCloud: ParityCloud,
  later: (undo: () => Promise<unknown>) => void,
): Promise<(parityCloud: ParityCloud, more?: ConnectOptions) => Promise<Cloud>> {
  const { identity } = await asAdmin(parityCloud);
  const [name, password] = [unique('stranger'), unique('password')];
  const project = await identity.projects.create({ name, domain_id: 'default' });
  later(() => identity.projects.delete({ id: project.id }));
  const user = await identity.users.create({ name, password, domain_id: 'default' });
  later(() => identity.users.delete({ id: user.id }));
  const role = await identity.roles.find('member');
  await identity.projectUserRoles.assign({ project_id: project.id, user_id: user.id, role_id: role.id });
  const member = await parityCloud.member();
  const auth = { ...member.auth, username: name, password, project_name: name };
  return async (_parityCloud, more = {}) => connect({ ...member, auth, ...more });
}

/** A name that no other run uses: the lab keeps its data. */
export const unique = (what: string): string =>
  `parity-${what}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
