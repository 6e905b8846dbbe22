import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, observeAllProjects, type Visibility } from '@groundcrew/core';
import { z } from 'zod';
import type { Estate, EstateListener } from './estate.ts';

// Octavia's API, v2: https://docs.openstack.org/api-ref/load-balancer/v2/#list-listeners
const Listener = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  project_id: z.string().nullish(),
  protocol: z.string(),
  protocol_port: z.number(),
  tls_versions: z.array(z.string()).nullish(),
  tls_ciphers: z.string().nullish(),
  allowed_cidrs: z.array(z.string()).nullish(),
});
const Page = z.looseObject({
  listeners: z.array(Listener),
  listeners_links: z.array(z.looseObject({ rel: z.string() })).nullish(),
});
const SIZE = 500;

/** Reads the listeners of load balancers. There are no records of Octavia, so that they are asked for raw. */
export const readListeners = (
  cloud: Cloud,
  visibility: Visibility,
  read: ReadOptions,
): Promise<Estate['listeners']> =>
  observeAllProjects(cloud, 'load balancer listeners', visibility, listeners(cloud, read));

async function* listeners(cloud: Cloud, read: ReadOptions): AsyncGenerator<EstateListener> {
  for (let marker: string | undefined; ;) {
    const { body } = await cloud.request('load-balancer', {
      path: 'lbaas/listeners',
      query: { limit: SIZE, marker },
      schema: Page,
      operation: 'listeners',
      ...read,
    });
    yield* body.listeners;
    const last = body.listeners.at(-1)?.id;
    const links = body.listeners_links ?? undefined;
    // A page is as short as the cloud wants it (`pagination_max_limit`): it is the link that tells whether more follows
    // (octavia/api/common/pagination.py, `_make_links`). Without pagination it has none, and all are on the first page.
    const isLast =
      links === undefined ? body.listeners.length < SIZE : !links.some(({ rel }) => rel === 'next');
    // A marker that does not move would be asked for again and again.
    if (last === undefined || last === marker || isLast) return;
    marker = last;
  }
}
