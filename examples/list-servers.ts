// Connect, iterate, find, create, and wait. Of a cloud of your own: connect({ cloud: 'prod' }).
import { connect } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });
const { servers, flavors } = cloud.compute;

// Pages are fetched as they are read; breaking off fetches no more.
let count = 0;
for await (const server of servers.list({ all_tenants: true })) {
  count += 1;
  if (server.status === 'ERROR') console.log(`${server.name} is in ERROR: ${server.fault?.message ?? '?'}`);
}
console.log(`${count} servers`);

// By name or by id; two of one name are an error, and none is `undefined` where that is asked for.
const image = await cloud.image.images.find('debian-12');
const flavor = await flavors.find('m1.small');
const nobody = await servers.find('no-such-server', { missingOk: true });
console.log(`no-such-server: ${nobody?.id ?? 'none'}`);

const network = await cloud.network.networks.find('private');
const { id } = await servers.create({
  name: 'web-1',
  imageRef: image.id,
  flavorRef: flavor.id,
  networks: [{ uuid: network.id }],
});
const up = await servers.waitFor(id, 'ACTIVE');
console.log(`${up.name} is ${up.status}`);

await servers.delete({ id });
await servers.waitGone(id);
console.log('and gone');
