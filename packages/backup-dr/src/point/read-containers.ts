import { type Cloud, isNotFound, observeList } from '@groundcrew/core';
import type { Gap, ReadOptions } from '@groundcrew/ground';
import { AT_ONCE } from '../objects/pack-container.ts';
import { inOrder } from '../objects/in-order.ts';
import type { ReadContext, ReadList } from './read-lists.ts';
import type { Wire } from './tenant-point.ts';
import { textOf, toWire } from './wire.ts';

/** Reads the containers of the project: their settings are in no list, and take a call for each. */
export async function readContainers({ cloud, whose, read }: ReadContext): Promise<ReadList> {
  const clock = { now: () => cloud.clock.now() };
  const source = 'containers';
  // The account of the object store is that of the token's project, whoever asks.
  if (!whose.own && whose.services.includes('object-store'))
    return {
      kind: 'container',
      observed: {
        value: [],
        at: new Date(clock.now()).toISOString(),
        source,
        completeness: 'denied',
        gaps: [otherAccount(whose.project.name)],
      },
    };
  return { kind: 'container', observed: await observeList(source, containersOf(cloud, read), clock) };
}

const otherAccount = (project: string): Gap => ({
  what: 'containers',
  kind: 'denied',
  why: `the object store shows those of the token's project, which is not ${project}`,
  remedy: 'Read with a client in the scope of the project: cloud.scoped({ project_id }).',
  requestIds: [],
});

async function* containersOf(cloud: Cloud, read: ReadOptions): AsyncGenerator<Wire> {
  const { containers } = cloud.objectStore;
  const shown = inOrder(containers.list({}, read), AT_ONCE, async ({ name }) => {
    try {
      return { name, ...toWire(await containers.get({ container: name }, read)) };
    } catch (error) {
      // It was deleted since it was listed.
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
  for await (const container of shown) if (container !== undefined) yield container;
}

/** A gap for each container whose older versions the store keeps: they are in no list of its objects. */
export const versionGaps = (containers: readonly Wire[]): readonly Gap[] =>
  containers
    .filter((wire) => wire['X-Versions-Enabled'] === 'True')
    .map(({ name }) => ({
      what: `older versions of the objects in container ${textOf(name) ?? ''}`,
      kind: 'unsupported',
      why: 'a recovery point has the objects as they are',
      remedy: 'Keep a copy of them by other means.',
      requestIds: [],
    }));
