// Figures of a cloud for Prometheus: scraped, with a list that fails, and merged into what a service shows already.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@groundcrew/core';
import { exporter } from '@groundcrew/monitoring/exporter';
import { simulateCloud, status } from '@groundcrew/sim';
import { Gauge, Registry } from 'prom-client';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect(connectOptions);

await using metrics = exporter({ cloud, collect: ['servers', 'volumes', 'services'], maxAge: 0 });
const server = createServer(metrics.handler).listen(0, '127.0.0.1');
await once(server, 'listening');
const scrape = async (): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
  assert.equal(response.status, 200);
  return response.text();
};
const linesOf = (text: string, name: string): string[] =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

console.log(linesOf(await scrape(), 'openstack_nova_total_vms').join('\n'));

// Cinder is down: its figures are absent, not 0, and their collector says so.
simulated.fault({ match: { service: 'blockStorage' }, reply: status(500) });
const text = await scrape();
assert.deepEqual(linesOf(text, 'openstack_cinder_volumes'), []);
console.log(linesOf(text, 'groundcrew_collector_complete').join('\n'));

// A service that shows metrics already merges these into its own.
const own = new Registry();
new Gauge({ name: 'shop_up', help: 'Whether the shop is open.', registers: [own] }).set(1);
const merged = await Registry.merge([own, metrics.registry]).metrics();
console.log(
  [...linesOf(merged, 'shop_up'), ...linesOf(merged, 'groundcrew_collector_complete')].length,
  'lines of both',
);

server.close();
