import { afterEach, expect, test } from 'vitest';
import { askLab } from '../src/command.ts';
import { ensureLab, labStatus } from '../src/index.ts';

const lab = await ensureLab();
const compute = async () => (await lab.status()).daemons.find(({ name }) => name === 'lab.compute-3');

// Shorter than the 15 seconds after which Nova calls the host down: other tests do not notice.
afterEach(() => lab.start('compute-3'));

test('a compute host can be killed and brought back', async () => {
  const before = await compute();
  expect(before).toMatchObject({ state: 'up', part: 'core', pid: expect.any(Number) });

  await lab.stop('compute-3');
  expect(await compute()).toMatchObject({ state: 'down', pid: null });
  const { controlPlanes } = await labStatus();
  expect(controlPlanes.find(({ name }) => name === 'lab')).toMatchObject({ core: 'partial' });

  await lab.start('compute-3');
  const after = await compute();
  expect(after).toMatchObject({ state: 'up' });
  expect(after?.pid).not.toBe(before?.pid);
});

test('every cloud has credentials, and Keystone answers where they say', async () => {
  for (const who of ['admin', 'member', 'reader', 'other', 'system', 'appcred'] as const) {
    const env = await lab.env(lab.cloud(who));
    expect(env).toMatchObject({ OS_AUTH_URL: expect.any(String), OS_CLIENT_CONFIG_FILE: lab.cloudsYaml });
  }
  const { OS_AUTH_URL } = await lab.env();
  const answer = await fetch(OS_AUTH_URL ?? '');
  expect(await answer.json()).toMatchObject({ version: { status: 'stable' } });
});

test('what a test that was killed left in Nova is undone: a host forced down and disabled, a cell without a database', async () => {
  const sql = async (query: string) => (await askLab(['mysql', '-N', '-e', query], {})).trim();
  const marks = () => sql("SELECT forced_down, disabled FROM lab_nova.services WHERE host = 'compute-3'");
  const cells = () => sql('SELECT name FROM lab_nova_api.cell_mappings ORDER BY name');
  await sql("UPDATE lab_nova.services SET forced_down = 1, disabled = 1 WHERE host = 'compute-3'");
  await sql(
    `INSERT INTO lab_nova_api.cell_mappings (uuid, name, transport_url, database_connection, disabled, created_at)
     VALUES ('${globalThis.crypto.randomUUID()}', 'left-over', 'none:///', 'mysql+pymysql://lab:x@127.0.0.1:3/left', 0, now())`,
  );
  expect(await marks()).toBe('1\t1');
  expect(await cells()).toContain('left-over');

  await lab.restore();

  expect(await marks()).toBe('0\t0');
  expect(await cells()).toBe('cell0\ncell1');
});
