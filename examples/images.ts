// Image data is streamed both ways, and its hash is compared with Glance's.
import { createHash } from 'node:crypto';
import { connect } from '@groundcrew/core';
import { reset, simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud();
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });
const { image } = cloud;

const block = new Uint8Array(65_536).fill(7);
// A function opens the source anew: so the upload can be repeated if the connection breaks.
const source = async function* () {
  for (let index = 0; index < 64; index += 1) yield block;
};

const { id } = await image.images.create({ name: 'web', disk_format: 'raw', container_format: 'bare' });
const sent = await image.data.upload({ id }, source);
console.log(`${sent.bytes} bytes sent, verified by ${sent.verified}`);

// A connection that breaks is taken up again; the hash is compared after the last byte.
simulated.fault({ match: { service: 'image', method: 'GET', path: /\/file$/ }, first: 1, reply: reset() });
const hash = createHash('sha512');
let bytes = 0;
for await (const chunk of image.data.download({ id })) {
  bytes += chunk.length;
  hash.update(chunk);
}
console.log(
  `${bytes} bytes read, ${hash.digest('hex') === sent.image.os_hash_value ? 'the same' : 'others'}`,
);
