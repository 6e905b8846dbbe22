import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { connect } from '@groundcrew/core';
import { Secret } from '@groundcrew/ground';
import { ensureLab, ensurePackages, type Lab } from '@groundcrew/lab';
import { afterAll, beforeAll, describe } from 'vitest';
import { restic } from '../src/repository.ts';
import { engineContract } from '../test/repository/engine-contract.ts';

// Repositories in the lab's real Swift: by its own API, and by that of S3 (`s3api`), over TLS.
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

describe('in S3', () => {
  engineContract(async () => {
    await using cloud = clientOf();
    const token = await cloud.token();
    const user_id = token?.user?.id ?? '';
    const key = await cloud.identity.ec2Credentials.create({ user_id, tenant_id: token?.project?.id ?? '' });
    undo.push(async () => {
      await emptied(`${name}-s3`);
      await using again = clientOf();
      await again.identity.ec2Credentials.delete({ user_id, id: key.access });
    });
    return restic({
      repository: `s3:https://localhost:8443/${name}-s3/shop`,
      password: 'pa55 word',
      env: {
        AWS_ACCESS_KEY_ID: key.access,
        AWS_SECRET_ACCESS_KEY: key.secret,
        AWS_DEFAULT_REGION: 'us-east-1',
        // Go's own variable: restic 0.14 has none.
        SSL_CERT_FILE: path.join(path.dirname(lab.cloudsYaml), 'lab', 'etc', 'haproxy', 'tls.crt'),
      },
      cache: false,
    });
  });
});
