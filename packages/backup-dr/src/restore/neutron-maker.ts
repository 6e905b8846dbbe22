import { type Cloud, unlessGone } from '@groundcrew/core';
import { type Maker, type Making, notReady } from './maker.ts';
import { RestoreError } from './restore-error.ts';

type NeutronKind = 'network' | 'subnet' | 'router' | 'port' | 'security-group' | 'floating-ip';

/** As much of a thing of Neutron's as marks are about. */
interface Marked {
  readonly id: string;
  readonly description?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

interface Options {
  readonly signal: AbortSignal;
}

/** The operations that the resources of Neutron have in common. */
interface NeutronClient {
  get(input: { readonly id: string }, options: Options): Promise<Marked>;
  list(input: object, options: Options): AsyncIterable<Marked>;
  create(input: object, options: Options): Promise<Marked>;
  update(input: object, options: Options): Promise<Marked>;
  delete(input: { readonly id: string }, options: Options & { readonly missingOk: true }): Promise<void>;
}

/** The collection of a kind: its name among the clients, and in the path of its tags. */
const COLLECTIONS = {
  network: ['networks', 'networks'],
  subnet: ['subnets', 'subnets'],
  router: ['routers', 'routers'],
  port: ['ports', 'ports'],
  'security-group': ['securityGroups', 'security-groups'],
  'floating-ip': ['floatingIps', 'floatingips'],
} as const satisfies { readonly [kind in NeutronKind]: readonly [keyof Cloud['network'], string] };

/**
 * Makes things of Neutron. A thing is made with the mark as its description, since most collections take no tags when something is
 * made; then the mark becomes a tag, and at last the description is what it was. Whenever the process dies, one of the two
 * finds the thing again.
 */
export function neutronMaker(kind: NeutronKind): Maker {
  const [collection, path] = COLLECTIONS[kind];
  // The records' own types differ in what they take; what it is given is checked when it is sent.
  const clientOf = ({ network }: Cloud): NeutronClient => {
    const client: unknown = network[collection];
    return client as NeutronClient;
  };

  const marked = async ({ cloud, mark, context: { signal } }: Making): Promise<Marked | undefined> => {
    const found = new Map<string, Marked>();
    for (const filter of [{ tags: mark }, { description: mark }])
      for await (const thing of clientOf(cloud).list(filter, { signal }))
        // A proxy, or another plug-in, may ignore a filter.
        if (thing.description === mark || thing.tags?.includes(mark) === true) found.set(thing.id, thing);
    if (found.size > 1)
      throw new RestoreError(
        'restore.ambiguous',
        `${found.size} things carry the mark ${mark}: ${[...found.keys()].join(', ')}`,
        'Only one of them can be of this step: delete the others.',
      );
    return [...found.values()][0];
  };

  return {
    async find(making) {
      const thing = await marked(making);
      if (thing === undefined) return undefined;
      const isTagged = thing.tags?.includes(making.mark) === true;
      return { id: thing.id, state: isTagged && thing.description !== making.mark ? 'whole' : 'unfinished' };
    },
    async create({ cloud, mark, context: { signal } }, body) {
      const made = await clientOf(cloud).create({ ...body, description: mark }, { signal });
      return made.id;
    },
    async finish({ cloud, input, mark, context: { signal } }, id) {
      // Tags of an earlier restore would find two things by one mark.
      const tags = [...new Set((input.tags ?? []).filter((tag) => !tag.startsWith('groundcrew:')))];
      await cloud.network.tags.replace(
        { resource_type: path, resource_id: id, tags: [...tags, mark] },
        { signal },
      );
      await clientOf(cloud).update({ id, description: input.description ?? '' }, { signal });
    },
    async verify({ cloud, context: { signal } }, id) {
      const found = await unlessGone(() => clientOf(cloud).get({ id }, { signal }));
      return found === undefined ? notReady('gone', `${kind} ${id} is gone`) : undefined;
    },
    remove: (cloud, id, { signal }) => clientOf(cloud).delete({ id }, { signal, missingOk: true }),
  };
}
