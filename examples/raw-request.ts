// What has no record yet: a raw request, with authentication, retries and errors like every other.
import { connect, isHttpError } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { z } from 'zod';

await using simulated = simulateCloud();
const { connectOptions } = await simulated.listen();
await using cloud = connect({ ...connectOptions, clock: simulated.clock });

cloud.events.on('response', ({ method, operation, status, durationMs }) => {
  if (operation === 'limits')
    console.log(`${method} ${operation}: ${status} in ${Math.round(durationMs)} ms`);
});

// A schema makes the body typed; without it, it is `unknown`.
const Limits = z.looseObject({
  limits: z.looseObject({ absolute: z.looseObject({ maxTotalInstances: z.number() }) }),
});
const { body, requestIds } = await cloud.request('compute', { path: 'limits', schema: Limits });
console.log(
  `${body.limits.absolute.maxTotalInstances} servers are allowed (${requestIds.length} request id)`,
);

const error = await cloud.request('compute', { path: 'os-no-such-thing' }).catch((caught: unknown) => caught);
if (isHttpError(error)) console.log(`${error.status}: ${error.message}`);
