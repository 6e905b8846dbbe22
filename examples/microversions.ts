// A microversion is a type: what it does not have does not compile.
import { connect, isMicroversionError } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ release: 'zed', scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

// What the cloud speaks, before it is asked for.
const [compute] = (await cloud.versions('compute')).filter((version) => version.max !== undefined);
console.log(`compute speaks ${compute?.min} to ${compute?.max}`);

// Since 2.53 a compute service's id is a UUID; since 2.69 a server in a cell that is down may come without its name.
for await (const service of cloud.compute.at('2.53').services.list({ binary: 'nova-compute' })) {
  console.log(`${service.host} is ${service.state}, id ${service.id}`);
  break;
}

// A newer one only where there is one.
console.log(`2.96 is ${(await cloud.supports('compute', '2.96')) ? '' : 'not '}spoken here`);

try {
  await Array.fromAsync(cloud.compute.at('2.96').servers.list());
} catch (error) {
  if (!isMicroversionError(error)) throw error;
  console.log(`refused: ${error.message}`);
}
