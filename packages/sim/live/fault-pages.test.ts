import { describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { raw } from './raw.ts';
import { asMember, unique, parityClouds } from './parity-clouds.ts';

/*
 * In what form a service says no: by `Accept` where WebOb writes it (Glance, and paths that Nova and Cinder have not), in
 * JSON where the service does. Each row was taken from the lab (Zed).
 */

const NOBODY = '11111111-1111-4111-8111-111111111111';
const JSON_UTF8 = 'application/json; charset=UTF-8';
const PLAIN = 'text/plain; charset=UTF-8';
const HTML = 'text/html; charset=UTF-8';
const BARE = 'application/json';

/** Service, method, path, `Accept` (a space: none), and then status, type and how the body begins. */
const rows: readonly (readonly [string, string, string, string, number, string, string])[] = [
  ...(['compute', 'block-storage', 'image'] as const).flatMap((service) =>
    (
      [
        ['*/*', HTML, '<html>\n <head>\n  <title>404 Not Found'],
        ['text/html', HTML, '<html>\n <head>\n  <title>404 Not Found'],
        ['application/xml', PLAIN, '404 Not Found\n\nThe resource could not be found.\n\n   '],
        [BARE, BARE, '{"message":"The resource could not be found.<br /><br />'],
        ['text/html;q=0.1, application/json;q=0.5', BARE, '{"message":'],
      ] as const
    ).map(([accept, type, body]) => [service, 'GET', 'nothing', accept, 404, type, body] as const),
  ),
  ['compute', 'DELETE', 'servers', BARE, 404, BARE, '{"message":'],
  ['compute', 'PATCH', `servers/${NOBODY}`, 'text/html', 404, HTML, '<html>'],
  ['compute', 'HEAD', 'servers', BARE, 404, '', ''],
  ['block-storage', 'PATCH', 'volumes', 'application/xml', 404, PLAIN, '404 Not Found'],
  ['block-storage', 'HEAD', 'volumes', BARE, 404, '', ''],
  ['network', 'HEAD', 'networks', BARE, 405, '', ''],
  ['image', 'HEAD', 'images', BARE, 405, '', ''],
  ['compute', 'GET', `servers/${NOBODY}`, 'text/html', 404, JSON_UTF8, '{"itemNotFound":'],
  ['block-storage', 'GET', `volumes/${NOBODY}`, 'text/html', 404, BARE, '{"itemNotFound":'],
  ['network', 'GET', 'nothing', 'text/html', 404, BARE, '{"NeutronError":{"type":"HTTPNotFound"'],
  ['network', 'GET', 'networks', 'text/html', 406, BARE, '{"NeutronError":{"type":"HTTPNotAcceptable"'],
  ['network', 'GET', `ports/${NOBODY}`, 'text/html', 406, BARE, '{"NeutronError":{"type":"HTTPNotAccep'],
  ['network', 'GET', `routers/${NOBODY}`, 'text/html', 404, BARE, '{"NeutronError":{"type":"RouterNotFound"'],
  ['network', 'GET', 'networks', 'text/html, */*;q=0.1', 200, BARE, '{"networks":'],
  ['network', 'PATCH', 'networks', BARE, 405, BARE, '{"NeutronError":{"type":"HTTPMethodNotAllowed"'],
  [
    'network',
    'PATCH',
    `routers/${NOBODY}`,
    'text/html',
    406,
    BARE,
    '{"NeutronError":{"type":"HTTPNotAccepta',
  ],
  ['image', 'GET', `images/${NOBODY}`, 'text/html', 404, HTML, '<html>'],
  ['image', 'GET', `images/${NOBODY}`, BARE, 404, BARE, `{"message":"No image found with ID ${NOBODY}<br /`],
  [
    'image',
    'GET',
    `images/${NOBODY}`,
    'a/b',
    404,
    PLAIN,
    `404 Not Found\n\nNo image found with ID ${NOBODY}\n\n   `,
  ],
  [
    'image',
    'DELETE',
    `images/${NOBODY}`,
    'a/b',
    404,
    PLAIN,
    `404 Not Found\n\nFailed to find image ${NOBODY} to d`,
  ],
  [
    'image',
    'DELETE',
    'images',
    'a/b',
    405,
    PLAIN,
    '405 Method Not Allowed\n\nThe method DELETE is not allowed',
  ],
  ['image', 'PUT', 'schemas/image', BARE, 405, BARE, '{"message":"The method PUT is not allowed for'],
  ['image', 'GET', 'images?limit=x', BARE, 400, BARE, '{"message":"limit param must be an integer<br />'],
  [
    'image',
    'PATCH',
    `images/${NOBODY}`,
    'a/b',
    415,
    PLAIN,
    '415 Unsupported Media Type\n\nThe request media type',
  ],
  [
    'placement',
    'GET',
    'resource_providers',
    'text/html',
    406,
    HTML,
    '<html>\n <head>\n  <title>406 Not Accepta',
  ],
  [
    'placement',
    'GET',
    'resource_providers',
    'text/html, */*;q=0.1',
    403,
    HTML,
    '<html>\n <head>\n  <title>403',
  ],
  ['placement', 'GET', 'resource_providers', '*/*', 403, BARE, '{"errors":[{"status":403'],
  ['identity', 'GET', 'nothing', BARE, 404, 'text/html; charset=utf-8', '<!doctype html>'],
  ['identity', 'PUT', 'projects', 'text/html', 405, BARE, '{"message":"The method is not allowed for the'],
];

describe.each(parityClouds)('what $name says no with', (parityCloud) => {
  test('the form of a fault', async () => {
    const ask = await raw(asMember, parityCloud);
    for (const [service, method, path, accept, status, type, begins] of rows) {
      const body = ['PUT', 'PATCH'].includes(method) ? {} : undefined;
      const reply = await ask(method, service, path, body, { Accept: accept });
      // What a service puts between the tokens of its JSON is of no importance.
      const text = reply.text.replaceAll(/": (?=["{[0-9])/g, '":').replaceAll(/, "/g, ',"');
      const seen = [reply.status, method === 'HEAD' ? '' : reply.headers.get('Content-Type')];
      expect([service, method, path, accept, ...seen]).toEqual([service, method, path, accept, status, type]);
      expect(text.startsWith(begins), `${method} ${path} ${accept}: ${text.slice(0, 120)}`).toBe(true);
    }
  });

  test('the type of an answer without a body', async () => {
    const clean = new CleanUp();
    const { images } = (await asMember(parityCloud)).image;
    const ask = await raw(asMember, parityCloud);
    const image = await images.create({ name: unique('empty') });
    clean.later(() => images.delete({ id: image.id }, { missingOk: true }));
    const name = unique('key');
    await ask('POST', 'compute', 'os-keypairs', { keypair: { name } });
    const typeOf = async (method: string, service: string, path: string) => {
      const { status, headers } = await ask(method, service, path);
      return [status, headers.get('Content-Type')];
    };
    expect(await typeOf('DELETE', 'compute', `os-keypairs/${name}`)).toEqual([202, BARE]);
    expect(await typeOf('PUT', 'image', `images/${image.id}/tags/x`)).toEqual([204, HTML]);
    expect(await typeOf('DELETE', 'image', `images/${image.id}`)).toEqual([204, HTML]);
  });

  test('a body that is no JSON, no object, or not there', async () => {
    const ask = await raw(asMember, parityCloud);
    const refusal = async (service: string, path: string, body?: unknown) => {
      const accept = service === 'image' ? 'a/b' : 'application/json';
      const reply = await ask('POST', service, path, body, { Accept: accept });
      const { badRequest, NeutronError } = reply.body ?? {};
      return [reply.status, badRequest?.message ?? NeutronError?.message ?? reply.text.split('\n')[2]];
    };
    expect(await refusal('compute', 'servers', [])).toEqual([400, "[] is not of type 'object'"]);
    expect(await refusal('compute', 'servers')).toEqual([400, "None is not of type 'object'"]);
    expect(await refusal('block-storage', 'volumes', [])).toEqual([400, "[] is not of type 'object'"]);
    expect(await refusal('network', 'networks', [])).toEqual([400, 'Body contains invalid data']);
    expect(await refusal('network', 'networks')).toEqual([400, "Unable to find 'network' in request body"]);
    expect(await refusal('image', 'images')).toEqual([400, 'Body expected in request.']);
  });
});
