// Errors say what was tried, what came back, and how to repeat it, without a secret in them.
import { connect, isConflict, isForbidden, isInputError, isNotFound } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';

await using simulated = simulateCloud({ scenario: 'site' });
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });
const { servers } = cloud.compute;

const fails = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('this should have failed');
};

const missing = await fails(servers.get({ id: 'no-such-id' }));
if (isNotFound(missing)) console.log(`404: ${missing.message}`);

const [running] = await Array.fromAsync(servers.list({ all_tenants: true, status: 'ACTIVE', limit: 1 }));
const conflict = await fails(servers.start({ id: running?.id ?? '' }));
if (isConflict(conflict)) {
  console.log(`409: ${conflict.fault.message} (${conflict.requestIds.length} request id)`);
  console.log(conflict.curl);
  if (conflict.curl.includes(connectOptions.auth.password as string)) throw new Error('a secret leaked');
}

// What is wrong with an argument is told before anything is sent, with its path.
const requests = simulated.requests.count();
// @ts-expect-error -- `flavour` is no field of Nova's
const input = await fails(servers.create({ name: 'x', flavour: 'm1.tiny' }));
if (isInputError(input)) console.log(`${simulated.requests.count() - requests} requests: ${input.message}`);

await using member = connect({
  ...connectOptions,
  auth: { ...connectOptions.auth, username: 'demo', project_name: 'demo' },
  clock: simulated.clock,
});
const forbidden = await fails(Array.fromAsync(member.compute.services.list()));
if (isForbidden(forbidden)) console.log(`403: ${forbidden.remedy}`);
