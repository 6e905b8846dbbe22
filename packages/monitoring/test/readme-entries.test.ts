import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateCloud } from '@groundcrew/sim';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prometheusWith, type Row } from './coverage/prometheus-server.ts';
import { telemetryAnswer } from './gnocchi/telemetry.ts';

const simulated = simulateCloud();
const site = simulateCloud({ scenario: 'site' });
/** Where OTLP goes. */
const posted: (string | undefined)[] = [];
const otlp = createServer((request, response) => {
  posted.push(request.url);
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
const telemetry = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => {
    body += part;
  });
  request.on('end', () => {
    const answer = telemetryAnswer(request.url ?? '', body);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? ''));
  });
});
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'readme-'));
  const { connectOptions: probes } = await simulated.listen({ port: 0, speed: 20 });
  const { connectOptions: prod } = await site.listen({ port: 0 });
  for (const server of [otlp, telemetry]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const { port } = telemetry.address() as AddressInfo;
  const own = {
    metric_endpoint_override: `http://127.0.0.1:${port}`,
    alarm_endpoint_override: `http://127.0.0.1:${port}/aodh/v2`,
  };
  // JSON is YAML.
  await writeFile(
    path.join(folder, 'clouds.yaml'),
    JSON.stringify({ clouds: { probes, prod, telemetry: { ...prod, ...own } } }),
  );
});
afterAll(async () => {
  for (const server of [otlp, telemetry]) {
    server.closeAllConnections();
    server.close();
  }
  await simulated.close();
  await site.close();
  await rm(folder, { recursive: true });
});

/** What the Prometheus of the README has: exporters of libvirt on all hosts but those of three servers. */
function libvirtRows(): Row[] {
  const running = [...site.state.compute.servers.values()].filter(({ power_state }) => power_state === 1);
  return running
    .slice(3)
    .map(({ id }): Row => [
      'libvirt_domain_info_cpu_time_seconds_total',
      { job: 'libvirt', instance: 'h:9177', domain: 'd', uuid: id },
    ]);
}

test.each([
  'slo',
  'probes',
  'alerts',
  'dashboard',
  'opentelemetry',
  'page',
  'coverage',
  'capacity',
  'gnocchi',
])('the code of %s in the README runs, and says what its comments say', async (entry) => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, block = '']) => block);
  const code = blocks.find((block) => block.includes(`'@groundcrew/monitoring/${entry}'`)) ?? '';
  const says = code.split('\n').filter((line) => /^\/\/ (?!Of )/.test(line));
  expect(says.length).toBeGreaterThan(0);
  const { url } = await prometheusWith(libvirtRows());
  // The cloud of the other entries has no Gnocchi.
  const here = code
    .replace('http://127.0.0.1:9090', url)
    .replace("'prod'", entry === 'gnocchi' ? "'telemetry'" : "'prod'");
  const { stderr, stdout } = await run(`process.chdir(${JSON.stringify(folder)});\n${here}`);
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(says.map((line) => line.slice(3)));
  expect(posted.splice(0)).toEqual(entry === 'opentelemetry' ? ['/v1/metrics'] : []);
});

const run = (code: string): Promise<{ stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code],
      {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: {
          PATH: process.env['PATH'],
          OS_CLIENT_CONFIG_FILE: path.join(folder, 'clouds.yaml'),
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(otlp.address() as AddressInfo).port}`,
        },
        timeout: 240_000,
      },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
