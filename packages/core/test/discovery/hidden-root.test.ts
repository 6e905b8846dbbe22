import { describe, expect, test } from 'vitest';
import { reply, type Script, scriptedServer } from '../scripted-server.ts';
import { paths, page, discovery, compute, network, nova } from './scripted-discovery.ts';

describe('a root that is hidden', () => {
  // gtema/openstack 1243, fog-openstack 405: gateways that pass the version on, and hide the root.
  test.each<[string, Script, boolean]>([
    ['JSON', reply(200, { resources: [] }), true],
    ['a 401 of keystonemiddleware', reply(401, {}, { 'www-authenticate': "Keystone uri='http://k'" }), true],
    ['a 401 of somebody else', reply(401, {}, { 'www-authenticate': 'Basic realm="x"' }), false],
    ['a web page', page, false],
    ['a list', reply(200, []), false],
  ])('the root is hidden, %s is where the version usually is: %#', async (_, step, isThere) => {
    await using server = await scriptedServer(paths({ '/neutron/v2.0/': step }));
    const url = `${server.url}/neutron`;
    const resolved = await discovery().discovery.resolve({ service: network, url });
    expect(resolved).toMatchObject(
      isThere
        ? { base: `${url}/v2.0`, source: 'probe', confirmed: true }
        : { base: url, source: 'url', confirmed: false },
    );
  });

  test.each<[string, Record<string, Script>, boolean]>([
    ['by its document', { '/': nova('') }, true],
    ['by the version itself', { '/v2.1/': reply(401, {}, { 'www-authenticate': 'Keystone' }) }, true],
    ['by nothing', {}, false],
    ['by an outage', { '/': reply(503) }, false],
  ])('a URL that carries its version is confirmed %s: %#', async (_, answers, isConfirmed) => {
    await using server = await scriptedServer(paths(answers));
    const endpoint = { service: compute, url: `${server.url}/v2.1` };
    expect(await discovery().discovery.confirms(endpoint, endpoint.url)).toBe(isConfirmed);
  });
});
