// Pages that are shorter than was asked for, and entries of another form.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { observeEstate } from '../../src/packs.ts';

/** A simulated cloud with one further service, which answers by its path and query. */
async function estateWith(type: string, route: (url: URL) => unknown) {
  const server = createServer((request, response) => {
    const answer = route(new URL(request.url ?? '', 'http://x'));
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const simulated = simulateCloud({ seed: 4, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const cloud = connect({
    ...connectOptions,
    endpoint_override: { [type]: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2.0` },
    clock: simulated.clock,
    retries: 0,
  });
  onTestFinished(async () => {
    await cloud.close();
    await simulated.close();
    server.close();
  });
  return observeEstate(cloud);
}

const listener = (id: string) => ({
  id,
  name: id,
  protocol: 'HTTP',
  protocol_port: 80,
  provisioning_status: 'ACTIVE',
  operating_status: 'ONLINE',
  admin_state_up: true,
});

// octavia/api/common/pagination.py: `limit = min(int(limit), page_max_limit)`, and a link `next` where more follows.
test('`pagination_max_limit` of Octavia does not end the list of listeners', async () => {
  const all = ['a', 'b', 'c'].map(listener);
  const { listeners } = await estateWith('load-balancer', (url) => {
    if (!url.pathname.endsWith('/lbaas/listeners')) return { versions: [] };
    const from = all.findIndex(({ id }) => id === url.searchParams.get('marker')) + 1;
    const page = all.slice(from, from + 2);
    const next = { rel: 'next', href: `${url.href}&marker=${page.at(-1)?.id}` };
    return { listeners: page, listeners_links: page.length === 2 ? [next] : [] };
  });
  expect(listeners.completeness).toBe('complete');
  expect(listeners.value.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

// swift/common/middleware/listing_formats.py: an entry has a name, or is a folder (`subdir`), which nobody asked for.
test('an entry without a name is no container less', async () => {
  const { containers } = await estateWith('object-store', (url) =>
    url.searchParams.has('format') ? [{ count: 0, bytes: 0 }] : {},
  );
  expect(containers.completeness).not.toBe('complete');
  expect(containers.gaps.map(({ what }) => what)).toContain('containers');
});
