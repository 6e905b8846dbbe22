import { connect, type Cloud } from '@groundcrew/core';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, onTestFinished } from 'vitest';
import { aServer } from './stage.ts';

/** A simulated cloud for the tests of one file, closed after the last of them. */
export async function cloudOfFile(seed: number): Promise<{
  readonly cloud: Cloud;
  /** The id of a server that is deleted after the test. */
  readonly aServer: () => Promise<string>;
}> {
  const simulated = simulateCloud({ seed, release: 'zed' });
  const { connectOptions } = await simulated.listen({ port: 0, speed: 0 });
  const cloud = connect({ ...connectOptions, clock: simulated.clock });
  afterAll(async () => {
    await cloud.close();
    await simulated.close();
  });
  return {
    cloud,
    async aServer() {
      const id = await aServer({ cloud });
      onTestFinished(() => cloud.compute.servers.delete({ id }));
      return id;
    },
  };
}
