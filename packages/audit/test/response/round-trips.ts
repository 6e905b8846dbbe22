import type { Cloud } from '@groundcrew/core';
import { expect, onTestFinished } from 'vitest';
import {
  disableProject,
  disableUser,
  imagePrivate,
  lock,
  pause,
  portDown,
  quarantine,
  type Response,
  shelve,
  stop,
  suspend,
  tag,
} from '../../src/response.ts';
import { planOf, thereAndBack } from './carry-out.ts';
import { aServer } from './stage.ts';

/** A thing of a cloud, made for a test and gone after it, and how to look at it. */
interface Thing {
  readonly id: string;
  readonly look: () => Promise<unknown>;
}

/** A response to a thing. */
export interface RoundTrip {
  readonly title: string;
  readonly kind: string;
  readonly response: Response;
  readonly make: (cloud: Cloud) => Promise<Thing>;
  /** The state while it is in effect. */
  readonly during: unknown;
}

/** The state while it was in effect; before and after must be the same. */
export async function played({ kind, response, make }: RoundTrip, cloud: Cloud): Promise<unknown> {
  const { id, look } = await make(cloud);
  const [before, during, after] = await thereAndBack(cloud, planOf(kind, id, response), look);
  expect(after).toEqual(before);
  return during;
}

const unique = (): string => `groundcrew-responds-${process.pid}-${(count += 1)}`;
let count = 0;

async function server(cloud: Cloud): Promise<Thing> {
  const id = await aServer({ cloud });
  onTestFinished(() => cloud.compute.servers.delete({ id }));
  return {
    id,
    async look() {
      const { status, locked } = await cloud.compute.at('2.26').servers.get({ id });
      // Where an offloaded one is shelved, and where it is still on its host, is the cloud's to say.
      return { status: status.replace('_OFFLOADED', ''), locked };
    },
  };
}

async function taggedServer(cloud: Cloud): Promise<Thing> {
  const { id } = await server(cloud);
  return {
    id,
    look: () => Array.fromAsync(cloud.compute.at('2.26').serverTags.list({ server_id: id })),
  };
}

const port =
  (more: object = {}) =>
  async ({ network }: Cloud): Promise<Thing> => {
    const { id: network_id } = await network.networks.create({ name: unique() });
    onTestFinished(() => network.networks.delete({ id: network_id }));
    await network.subnets.create({ network_id, ip_version: 4, cidr: '10.79.0.0/24' });
    const { id } = await network.ports.create({ network_id, ...more });
    onTestFinished(() => network.ports.delete({ id }));
    return {
      id,
      async look() {
        const {
          admin_state_up: up,
          port_security_enabled: secured,
          ...rest
        } = await network.ports.get({ id });
        const groups = await Promise.all(
          (rest.security_groups ?? []).map(
            async (entry) => (await network.securityGroups.get({ id: entry })).name,
          ),
        );
        return { up, secured, groups };
      },
    };
  };

async function user({ identity }: Cloud): Promise<Thing> {
  const { id } = await identity.users.create({ name: unique() });
  onTestFinished(() => identity.users.delete({ id }));
  return { id, look: async () => (await identity.users.get({ id })).enabled };
}

async function project({ identity }: Cloud): Promise<Thing> {
  const { id } = await identity.projects.create({ name: unique() });
  onTestFinished(() => identity.projects.delete({ id }));
  return { id, look: async () => (await identity.projects.get({ id })).enabled };
}

async function image({ image: { images } }: Cloud): Promise<Thing> {
  const { id } = await images.create({ name: unique(), visibility: 'public' });
  onTestFinished(() => images.delete({ id }));
  return { id, look: async () => (await images.get({ id })).visibility };
}

/** Every response that is undone, on a cloud: the simulated one and the real one. */
export const roundTrips: readonly RoundTrip[] = [
  ...[
    { title: 'lock', response: lock(), during: { status: 'ACTIVE', locked: true } },
    { title: 'pause', response: pause(), during: { status: 'PAUSED', locked: false } },
    { title: 'suspend', response: suspend(), during: { status: 'SUSPENDED', locked: false } },
    { title: 'stop', response: stop(), during: { status: 'SHUTOFF', locked: false } },
    { title: 'shelve', response: shelve(), during: { status: 'SHELVED', locked: false } },
  ].map((entry) => ({ ...entry, kind: 'server', make: server })),
  { title: 'tag', kind: 'server', response: tag('breaks-rule'), make: taggedServer, during: ['breaks-rule'] },
  {
    title: 'a port down',
    kind: 'port',
    response: portDown(),
    make: port(),
    during: { up: false, secured: true, groups: ['default'] },
  },
  {
    title: 'quarantine',
    kind: 'port',
    response: quarantine(),
    make: port(),
    during: { up: true, secured: true, groups: ['groundcrew-quarantine'] },
  },
  {
    title: 'quarantine of a port to which no group applies',
    kind: 'port',
    response: quarantine(),
    make: port({ port_security_enabled: false, security_groups: [] }),
    during: { up: true, secured: true, groups: ['groundcrew-quarantine'] },
  },
  { title: 'a user', kind: 'user', response: disableUser(), make: user, during: false },
  { title: 'a project', kind: 'project', response: disableProject(), make: project, during: false },
  { title: 'an image', kind: 'image', response: imagePrivate(), make: image, during: 'private' },
];
