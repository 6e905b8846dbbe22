import { expect, test } from 'vitest';
import { simulateCloud } from '../src/index.ts';
import { Client } from './client.ts';

test('a change of what has changed since it was seen is refused, and one of what is as it was seen is made', async () => {
  const client = await new Client(simulateCloud({ seed: 5 })).login('admin');
  const made = await client.send('POST', '/network/v2.0/networks', { network: { name: 'first' } });
  const { id, revision_number: seen } = (made.body as { network: { id: string; revision_number: number } })
    .network;
  const path = `/network/v2.0/networks/${id}`;
  const guarded = (revision: number) => ({ 'If-Match': `revision_number=${revision}` });
  const rename = (revision: number) =>
    client.send('PUT', path, { network: { name: 'second' } }, guarded(revision));
  expect((await rename(seen)).status).toBe(200);
  const late = await rename(seen);
  expect(late).toMatchObject({
    status: 412,
    body: {
      NeutronError: {
        type: 'RevisionNumberConstraintFailed',
        message: `Constrained to ${seen}, but current revision is ${seen + 1}`,
      },
    },
  });
  expect((await client.send('DELETE', path, undefined, guarded(seen))).status).toBe(412);
  expect((await client.send('DELETE', path, undefined, guarded(seen + 1))).status).toBe(204);
});
