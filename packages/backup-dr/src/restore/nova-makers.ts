import { type Cloud, unlessGone } from '@groundcrew/core';
import { volumeGone } from '../cinder-removal.ts';
import { FLOOR } from '../point/read-lists.ts';
import { MARK_KEY } from './mark.ts';
import { type Found, type Maker, type Making, notReady } from './maker.ts';
import { createResource } from './restore-actions.ts';

const novaOf = ({ cloud, input }: Making) => cloud.compute.at(input.microversion ?? FLOOR.compute);

/** Servers carry the mark in their metadata, which Nova takes when they are made, in every release. */
export const serverMaker: Maker = {
  async find({ cloud, mark, context: { signal } }) {
    for await (const server of cloud.compute.servers.list({}, { signal }))
      // One that failed to build is found, and made anew: it was never of any use.
      if (server.metadata?.[MARK_KEY] === mark)
        return { id: server.id, state: stateOf(server.status, server.status === 'ACTIVE') };
    return undefined;
  },
  async create(making, body) {
    const metadata = { ...(body['metadata'] as Record<string, string> | undefined), [MARK_KEY]: making.mark };
    const { signal } = making.context;
    const { id } = await novaOf(making).servers.create({ ...body, metadata } as never, { signal });
    return id;
  },
  async finish({ cloud, context: { signal } }, id) {
    await cloud.compute.servers.waitFor(id, 'ACTIVE', { signal, patience: '25m' });
  },
  async verify({ cloud, context: { signal } }, id) {
    const server = await unlessGone(() => cloud.compute.servers.get({ id }, { signal }));
    if (server === undefined) return notReady('gone', `server ${id} is gone`);
    const { status } = server;
    return status === 'ACTIVE' ? undefined : notReady('not-active', `server ${id} is ${status}`);
  },
  async remove(cloud, id, { signal }) {
    await cloud.compute.servers.delete({ id }, { signal, missingOk: true });
    await cloud.compute.servers.waitGone(id, { signal });
  },
};

/** A key pair is known by its name, which is this user's alone: a plan makes none that is there. */
export const keypairMaker: Maker = {
  async find(making) {
    const { cloud, input, context } = making;
    const pair = await cloud.compute.keypairs.find(input.name, { signal: context.signal, missingOk: true });
    return pair === undefined ? undefined : { id: pair.name, state: 'whole' };
  },
  async create(making, body) {
    const { signal } = making.context;
    const { name } = await novaOf(making).keypairs.create(body as never, { signal });
    return name;
  },
  finish: async () => {},
  async verify({ cloud, context: { signal } }, id) {
    const pair = await unlessGone(() => cloud.compute.keypairs.get({ id }, { signal }));
    return pair === undefined ? notReady('gone', `key pair ${id} is gone`) : undefined;
  },
  remove: (cloud, id, { signal }) => cloud.compute.keypairs.delete({ id }, { signal, missingOk: true }),
};

/**
 * Server groups have neither tags nor a description. What a step made is the one of its name that was not there when the plan
 * was made, and that no other step has made: these go one after the other.
 */
export const serverGroupMaker: Maker = {
  async find({ cloud, input, context: { signal, outputOf } }) {
    const others = new Set([
      ...(input.before ?? []),
      ...(input.others ?? []).map((step) => outputOf(createResource, step).id),
    ]);
    for await (const group of cloud.compute.serverGroups.list({}, { signal }))
      if (group.name === input.name && !others.has(group.id)) return { id: group.id, state: 'whole' };
    return undefined;
  },
  async create(making, body) {
    const { signal } = making.context;
    const { id } = await novaOf(making).serverGroups.create(body as never, { signal });
    return id;
  },
  finish: async () => {},
  async verify({ cloud, context: { signal } }, id) {
    const group = await unlessGone(() => cloud.compute.serverGroups.get({ id }, { signal }));
    return group === undefined ? notReady('gone', `server group ${id} is gone`) : undefined;
  },
  remove: (cloud, id, { signal }) => cloud.compute.serverGroups.delete({ id }, { signal, missingOk: true }),
};

/** Volumes carry the mark in their metadata, too. */
export const volumeMaker: Maker = {
  async find({ cloud, mark, input, context: { signal } }) {
    for await (const volume of cloud.blockStorage.volumes.list({}, { signal }))
      if (volume.metadata[MARK_KEY] === mark)
        return {
          id: volume.id,
          state: stateOf(volume.status, READY.has(volume.status) && isFinished(input, volume.bootable)),
        };
    return undefined;
  },
  async create({ cloud, mark, context: { signal } }, body) {
    const metadata = { ...(body['metadata'] as Record<string, string> | undefined), [MARK_KEY]: mark };
    const given: unknown = { ...body, metadata };
    const { id } = await cloud.blockStorage.volumes.create(given as never, { signal });
    return id;
  },
  async finish({ cloud, input, context: { signal } }, id) {
    const { volumes } = cloud.blockStorage;
    await volumes.waitFor(id, ['available', 'in-use'], { signal, patience: '25m' });
    if (input.bootable === true) await volumes.setBootable({ id, bootable: true }, { signal });
    if (input.image_metadata !== undefined)
      await volumes.setImageMetadata({ id, metadata: { ...input.image_metadata } }, { signal });
  },
  async verify({ cloud, context: { signal } }, id) {
    const volume = await unlessGone(() => cloud.blockStorage.volumes.get({ id }, { signal }));
    if (volume === undefined) return notReady('gone', `volume ${id} is gone`);
    const { status } = volume;
    return READY.has(status) ? undefined : notReady('not-available', `volume ${id} is ${status}`);
  },
  async remove(cloud, id, { signal }) {
    // One that is deleted with its server is being deleted already.
    await volumeGone(cloud, id, { signal });
  },
};

const stateOf = (status: string, isWhole: boolean): Found['state'] =>
  status.toLowerCase() === 'error' ? 'broken' : isWhole ? 'whole' : 'unfinished';

const READY: ReadonlySet<string> = new Set(['available', 'in-use']);

/** Image metadata are set again: whether they were is not in the list of every release. */
const isFinished = (input: Making['input'], bootable: string): boolean =>
  input.image_metadata === undefined && (input.bootable !== true || bootable === 'true');

/** Deletes a thing that `replace` names. */
export const removers = {
  server: serverMaker.remove,
  volume: volumeMaker.remove,
  'server-group': serverGroupMaker.remove,
  keypair: keypairMaker.remove,
} as const satisfies Record<
  string,
  (cloud: Cloud, id: string, context: { readonly signal: AbortSignal }) => Promise<void>
>;
