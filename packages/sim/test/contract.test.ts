import { describe, expect, test } from 'vitest';
import { type Coverage, coverage, simulateCloud } from '../src/index.ts';
import { routesOf } from '../src/request/routes.ts';
import { notSimulatedRoutes } from '../src/not-simulated.ts';
import { services } from '../src/services/all.ts';
import { Client } from './client.ts';

const recorded = services.flatMap((service) =>
  routesOf(service)
    .filter((route) => route.spec !== undefined)
    .map((route) => ({ service, route })),
);

/**
 * The list of what is not simulated, as it is in git: a handler that lost its record, or a record that has no handler yet, is a
 * difference to be read. `pnpm vitest run --project unit packages/sim/test/contract.test.ts -u` writes it.
 */
test('coverage.md says how much of the records there is, and what is missing', async () => {
  await expect(coveragePage(coverage())).toMatchFileSnapshot('../coverage.md');
});

test('a route that is listed as in no record is in none, and has no handler', () => {
  for (const service of services) {
    const listed = routesOf(service).filter(
      ({ spec, handler }) => spec === undefined && handler === undefined,
    );
    expect(listed.map(({ operation }) => operation)).toEqual(notSimulatedRoutes[service.spec.name] ?? []);
  }
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
      const expected = route.handler === undefined;
      // Whatever it says of an id that does not exist and a body that says nothing: it is an answer of its own.
      expect([route.operation, until, reply.status === 501]).toEqual([route.operation, until, expected]);
      expect(reply.status).not.toBe(500);
      if (!client.token) await client.login();
      if (route.operation.startsWith('tokens')) await client.login();
    }
    expect(cloud.requests.unknown).toEqual([]);
  });
});

function coveragePage(covered: readonly Coverage[]): string {
  const sum = (count: (service: Coverage) => number): number =>
    covered.reduce((total, service) => total + count(service), 0);
  const lines = [
    '# What is simulated',
    '',
    `${sum(({ simulated }) => simulated)} of the ${sum(({ operations }) => operations)} operations that the records have. The others answer 501, and are named here. A test writes this page.`,
  ];
  for (const { service, operations, simulated, missing } of covered) {
    const resources = Map.groupBy(missing, (operation) => operation.split('.', 1)[0] ?? '');
    lines.push('', `## ${service}: ${simulated} of ${operations}`);
    if (missing.length > 0) lines.push('');
    for (const [resource, names] of [...resources].toSorted(([a], [b]) => a.localeCompare(b)))
      lines.push(`- ${resource}: ${names.map((name) => name.slice(resource.length + 1)).join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}
