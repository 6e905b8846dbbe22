import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cloudOfRoutes } from '../foreign/cloud-of-routes.ts';
import { logWithOpenTelemetry, logWithPino } from './log-adapters.ts';

const flat = (code: string): string => code.replaceAll(/\s+/g, ' ').trim();

test('the adapters of the guide are what is compiled and run here', () => {
  const guide = readFileSync(path.join(import.meta.dirname, '../../../../docs/guides/logs.md'), 'utf8');
  const compiled = flat(readFileSync(path.join(import.meta.dirname, 'log-adapters.ts'), 'utf8'));
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes("'events'>"));
  expect(blocks).toHaveLength(2);
  for (const part of blocks.flatMap((block) => block.split('\n\n'))) expect(compiled).toContain(flat(part));
  // Thirty lines each, and no package.
  for (const block of blocks) expect(block.split('\n').length).toBeLessThan(35);
});

test('each attempt is a line of pino and a record of OpenTelemetry, with a level and a request id', async () => {
  const lines: (readonly [string, object, string])[] = [];
  const logger = {
    debug: (fields: object, message: string) => void lines.push(['debug', fields, message]),
    info: (fields: object, message: string) => void lines.push(['info', fields, message]),
    warn: (fields: object, message: string) => void lines.push(['warn', fields, message]),
  };
  const emitted: object[] = [];
  let asked = 0;
  await using site = await cloudOfRoutes(
    { compute: '@/compute/v2.1' },
    () => {
      asked += 1;
      return asked === 1
        ? { status: 503, headers: { 'retry-after': '2' } }
        : { headers: { 'x-openstack-request-id': 'req-1' }, body: { servers: [] } };
    },
    { retries: 1 },
  );
  logWithPino(logger, site.cloud);
  logWithOpenTelemetry({ emit: (record) => void emitted.push(record) }, site.cloud);
  await Array.fromAsync(site.cloud.compute.servers.list());
  const shown = lines.map(([level, , message]) => `${level} ${message.replaceAll(/\d+ ms/g, 'N ms')}`);
  expect(shown).toEqual([
    'debug identity tokens.create: 201 after N ms',
    'debug token: first',
    'warn compute servers.list: 503 after N ms',
    'info compute servers.list: again in N ms',
    'debug compute servers.list: 200 after N ms',
  ]);
  expect(emitted).toMatchObject([
    { severityText: 'DEBUG' },
    {
      severityNumber: 13,
      body: 'compute servers.list: 503',
      attributes: { 'http.response.status_code': 503 },
    },
    {
      severityNumber: 5,
      attributes: { 'openstack.request_id': 'req-1', 'groundcrew.operation': 'servers.list' },
    },
  ]);
  expect(JSON.stringify([lines, emitted])).not.toContain('token-1');
});
