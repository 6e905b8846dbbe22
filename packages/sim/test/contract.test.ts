import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coverage, simulateCloud } from '../src/index.ts';
import { routesOf } from '../src/request/routes.ts';
import { isNotSimulated, notSimulated } from '../src/not-simulated.ts';
import { services } from '../src/services/all.ts';
import { Client } from './client.ts';

const recorded = services.flatMap((service) =>
  routesOf(service)
    .filter((route) => route.spec !== undefined)
    .map((route) => ({ service, route })),
);

test('every record is either simulated or listed as not', () => {
  const name = (service: string, operation: string): string => `${service} ${operation}`;
  const missing = recorded
    .filter(({ route }) => route.handler === undefined)
    .map(({ service, route }) => name(service.spec.name, route.operation));
  const listed = Object.entries(notSimulated).flatMap(([service, resources]) =>
    Object.entries(resources).flatMap(([resource, names]) =>
      names.map((operation) => name(service, `${resource}.${operation}`)),
    ),
  );
  expect(missing.toSorted()).toEqual(listed.toSorted());
});

describe('every route answers', async () => {
  const cloud = simulateCloud({ release: '2026.1' });
  const client = await new Client(cloud).login();

  test.each(services)('$prefix', async (service) => {
    for (const { route } of recorded.filter((entry) => entry.service === service)) {
      const path = route.template.replaceAll(/\{[^}]*\}/g, '11111111-1111-4111-8111-111111111111');
      const version = service.spec.microversion;
      const { since, until, send } = route.spec ?? {};
      const asked = since ?? version?.floor ?? '';
      const body =
        route.action === undefined ? (send === undefined ? {} : { [send]: {} }) : { [route.action]: null };
      const reply = await client.send(
        route.method,
        `${service.prefix}${service.version}/${path}`,
        route.method === 'GET' || route.method === 'HEAD' || route.method === 'DELETE' ? undefined : body,
        version === undefined ? {} : { 'OpenStack-API-Version': `${version.name} ${asked}` },
      );
      const expected = isNotSimulated(service.spec.name, route.operation);
      // Whatever it says of an id that does not exist and a body that says nothing: it is an answer of its own.
      expect([route.operation, until, reply.status === 501]).toEqual([route.operation, until, expected]);
      expect(reply.status).not.toBe(500);
      if (!client.token) await client.login();
      if (route.operation.startsWith('tokens')) await client.login();
    }
    expect(cloud.requests.unknown).toEqual([]);
  });
});

test('the README says how much of it there is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ');
  for (const { service, operations, simulated } of coverage())
    expect(readme).toContain(`| ${service} | ${simulated} | ${operations} |`);
});
