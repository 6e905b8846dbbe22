import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assess, observe } from '../../src/index.ts';

// A format that a public chart for containers has: the collector knows the time.
const format = {
  context: '%(process)d %(levelname)s %(name)s [%(request_id)s %(user_identity)s] %(instance)s%(message)s',
  withoutContext: '%(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s',
  exceptionPrefix: '%(process)d ERROR %(name)s %(instance)s',
};
const LINES = [
  '7 INFO nova.compute [req-6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d u p - - d d] [instance: 6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d] Deleting instance files',
  '7 ERROR nova.api.openstack [req-6f3a1c9e-0d3b-4f58-9a27-2f9f1a2b3c4d u p - - d d] Unexpected exception in API method',
  '7 ERROR nova.api.openstack Traceback (most recent call last):',
  '7 ERROR nova.api.openstack   File "x.py", line 1, in f',
  '7 ERROR nova.api.openstack ValueError: x',
  '7 WARNING oslo_config.cfg [-] Deprecated: Option "a" from group "b" is deprecated.',
];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'groundcrew-logs-'));
  await writeFile(path.join(folder, 'nova-api.log'), `${LINES.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

test('with its own format a log is read whole; without it, it is another program’s', async () => {
  const logs = await observe(folder, { format });
  expect(logs).toMatchObject({ completeness: 'complete', gaps: [] });
  expect(logs.value).toMatchObject({
    records: 3,
    foreign: [],
    byLevel: { info: 1, error: 1, warning: 1 },
  });
  expect(assess(logs).filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
  expect((await observe(folder)).value.foreign).toEqual(['nova-api.log']);
});

test('a format that cannot be told apart is refused before anything is read', async () => {
  await expect(observe('/nowhere', { format: { context: '%(message)s %(name)s' } })).rejects.toThrow(
    /context: the message is not its last field/,
  );
});
