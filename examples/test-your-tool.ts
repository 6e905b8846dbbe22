// Your own tool, tested without a cloud: with a fault, with time that passes at once, and with a look at what it asked.
import assert from 'node:assert/strict';
import { type Cloud, connect } from '@groundcrew/core';
import { simulateCloud, status } from '@groundcrew/sim';

/** The tool: which compute hosts are down, and since when? */
async function deadHosts(cloud: Cloud): Promise<string[]> {
  const dead: string[] = [];
  for await (const service of cloud.compute.services.list({ binary: 'nova-compute' })) {
    if (service.state === 'down') dead.push(service.host);
  }
  return dead.toSorted();
}

await using simulated = simulateCloud({ seed: 7 });
const { connectOptions } = await simulated.listen({ speed: 0 });
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

assert.deepEqual(await deadHosts(cloud), []);

const [victim] = await Array.fromAsync(cloud.compute.services.list({ binary: 'nova-compute' }));
simulated.hosts.kill(victim?.host ?? '');
assert.deepEqual(await deadHosts(cloud), [], 'Nova does not know yet');
await simulated.clock.advance('2m');
assert.deepEqual(await deadHosts(cloud), [victim?.host]);
console.log(`found ${victim?.host} after two minutes that took no time`);

// Twice 503, then an answer: the client repeats it, and its waits take no time either.
simulated.fault({ match: { service: 'compute' }, first: 2, reply: status(503, { retryAfter: 30 }) });
const before = simulated.requests.count({ service: 'compute', status: 503 });
assert.deepEqual(await deadHosts(cloud), [victim?.host]);
assert.equal(simulated.requests.count({ service: 'compute', status: 503 }) - before, 2);
console.log('it survives two 503');

simulated.requests.expectNone({ method: 'DELETE' });
assert.deepEqual(simulated.requests.unknown, []);
console.log('it deleted nothing, and asked for nothing unknown');
