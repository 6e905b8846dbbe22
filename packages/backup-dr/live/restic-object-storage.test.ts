import { randomUUID } from 'node:crypto';
import { connect } from '@groundcrew/core';
import { Secret } from '@groundcrew/ground';
import { ensureLab, ensurePackages, type Lab } from '@groundcrew/lab';
import { afterAll, beforeAll, describe } from 'vitest';
import { restic } from '../src/repository.ts';
import { engineContract } from '../test/repository/engine-contract.ts';

// A repository in the lab's real Swift.
const name = `groundcrew-restic-${randomUUID()}`;
let lab: Lab;
const undo: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  await ensurePackages(['restic']);
  lab = await ensureLab({ only: 'full' });
}, 1_800_000);

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
}, 300_000);

const clientOf = () =>
  connect({ cloud: lab.cloud('member'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });

/** Deletes a container with all that is in it. */
async function emptied(container: string): Promise<void> {
  await using cloud = clientOf();
  const { containers, objects } = cloud.objectStore;
  for await (const object of objects.list({ container }))
    if (object.name !== undefined) await objects.delete({ container, object: object.name });
  await containers.delete({ container });
}

describe('in Swift', () => {
  engineContract(async () => {
    const { OS_PASSWORD = '', ...env } = await lab.env(lab.cloud('member'));
    undo.push(() => emptied(`${name}-swift`));
    return restic({
      repository: `swift:${name}-swift:/shop`,
      password: 'pa55 word',
      env: { ...env, OS_PASSWORD: new Secret(OS_PASSWORD) },
      cache: false,
    });
  });
});
