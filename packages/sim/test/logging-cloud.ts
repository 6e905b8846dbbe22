import { expect } from 'vitest';
import { type SimulatedCloud, simulateCloud } from '../src/index.ts';
import { Client, parts } from './client.ts';

export const GLOBAL = 'req-11111111-2222-4333-8444-555555555555';

export async function started(
  options: Parameters<typeof simulateCloud>[0] = {},
  user = 'admin',
  project = 'demo',
) {
  const cloud = simulateCloud({ seed: 5, logs: true, ...options });
  const client = await new Client(cloud).login(user, project);
  return { cloud, client };
}

/** Creates a server, and lets it be built. */
export async function aServer(client: Client, headers: Record<string, string> = {}, name = 'web') {
  const { flavor, image } = await parts(client);
  const reply = await client.send(
    'POST',
    '/compute/v2.1/servers',
    { server: { name, flavorRef: flavor, imageRef: image, networks: 'none' } },
    { 'OpenStack-API-Version': 'compute 2.93', ...headers },
  );
  expect(reply.status).toBe(202);
  await client.cloud.clock.advance('10s');
  const requestId = reply.headers.get('X-Openstack-Request-Id') ?? '';
  return { id: reply.body.server.id as string, requestId, bytes: reply.text.length };
}

export const linesWith = (cloud: SimulatedCloud, text: string): string[] =>
  cloud.logs.processes().flatMap((log) => log.lines().filter((line) => line.includes(text)));
export const loggersIn = (lines: readonly string[]): string[] =>
  lines.map((line) => line.split(' ').slice(3, 5).join(' '));
