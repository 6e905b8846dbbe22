import { createServer } from 'node:http';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { withoutSecrets } from '../../src/wire/sent-secrets.ts';
import { cloudListener, credentials, listening } from '../scripted-cloud.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// PyCQA/bandit issue 201: what a user gave is told back, in the form of whoever tells it.
/** With what each encoding writes otherwise: quotes, a backslash, blanks, tags, a letter outside of ASCII, a plus. */
const PASSWORD = 'c4n"ary\\päss & <x>+1';

const utf16 = (text: string, prefix: string): string =>
  text.replaceAll(
    /[^\x20-\x7E]/g,
    (character) => prefix + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
const inJson = JSON.stringify(PASSWORD).slice(1, -1);
const inUrl = encodeURIComponent(PASSWORD);
const inHtml = PASSWORD.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const coded = (before: string): string => Buffer.from(before + PASSWORD).toString('base64');

// Python's `json.dumps` writes ASCII only (oslo.serialization's jsonutils, and so Keystone and Nova), Go's `encoding/json`
// writes `<` as `\u003c` (gateways), webob's and Django's pages HTML's entities, Apache and nginx the URL as it came.
const ECHOES: readonly (readonly [string, string])[] = [
  ['ASCII JSON', utf16(inJson, String.raw`\u`)],
  [
    'JSON of Go',
    inJson.replaceAll(/[<>&]/g, (character) => String.raw`\u00` + character.charCodeAt(0).toString(16)),
  ],
  ['JSON within JSON', JSON.stringify(utf16(inJson, String.raw`\u`)).slice(1, -1)],
  ["Python's repr", PASSWORD.replaceAll('\\', String.raw`\\`).replaceAll('ä', String.raw`\xe4`)],
  ['a URL', inUrl],
  ['a URL in small letters', inUrl.replaceAll(/%../g, (character) => character.toLowerCase())],
  ['a form', inUrl.replaceAll('%20', '+')],
  ['a URL within a URL', encodeURIComponent(inUrl)],
  ['HTML without quotes', inHtml],
  ['HTML by numbers', PASSWORD.replaceAll(/[^\w ]/g, (character) => `&#${character.codePointAt(0)};`)],
  ['HTML of JSON', inJson.replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')],
  ['Base64', coded('')],
  ['Base64 behind one byte', coded(':')],
  ['Base64 of user and password', coded('us:')],
  ['Base64 for URLs', coded('u:').replaceAll('+', '-').replaceAll('/', '_')],
];

/** Everything that an error shows to whoever prints it. */
const shownBy = (error: unknown): string => {
  const shown = [inspect(error, { depth: 10 }), String(error), JSON.stringify(error)];
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    shown.push(one.message, String(one.stack), ...Object.values(one).map((value) => inspect(value)));
  }
  return shown.join('\n');
};

describe('a secret that comes back in another encoding than the one it was sent in', () => {
  test.each(ECHOES)('%s', async (_, echo) => {
    const shown = withoutSecrets(`you sent ${echo} to us`, [PASSWORD]);
    expect(shown).toBe('you sent *** to us');
  });

  test.each(ECHOES)('%s, in the message of an error', async (_, echo) => {
    const body = `{"error": {"code": 400, "title": "Bad Request", "message": "'${echo}' is short"}}`;
    await using site = await cloudOfRoutes({ compute: '@/compute/v2.1' }, () => ({ status: 400, body }));
    const caught = await site.cloud.compute.servers
      .changePassword({ id: 'x', adminPass: PASSWORD })
      .catch((error: unknown) => error);
    const all = shownBy(caught);
    for (const part of [PASSWORD, echo, 'päss', String.raw`p\u00e4ss`]) expect(all).not.toContain(part);
  });

  test('property: any secret, in any of them, with any text around', () => {
    const encode = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => utf16(JSON.stringify(text).slice(1, -1), String.raw`\u`),
      (text) => encodeURIComponent(text),
      (text) => encodeURIComponent(encodeURIComponent(text)),
      (text) => text.replaceAll(/[^\w]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16)};`),
    );
    // A letter at each end, by which what is left of the secret would be known.
    const secret = fc
      .string({ minLength: 2, maxLength: 30, unit: 'grapheme' })
      .map((text) => `Kq7${text}Zj9`);
    const around = fc.string({ maxLength: 20 }).filter((text) => !/[KqZj]/.test(text));
    const story = fc.property(secret, encode, around, around, (word, how, before, after) => {
      const shown = withoutSecrets(`${before}-${how(word)}-${after}`, [word]);
      expect(shown).not.toContain('Kq7');
      expect(shown).not.toContain('Zj9');
    });
    fc.assert(story, { numRuns: 500 });
  });

  test('what stays of a JSON body is JSON', () => {
    for (const secret of ['"quoted"', '\\start', 'end\\', String.raw`\"both\"`, 'new\nline', 'bell\u0007']) {
      const body = JSON.stringify({ error: { message: `a ${secret} b` } });
      const shown = withoutSecrets(body, [secret]);
      expect(() => JSON.parse(shown) as unknown, shown).not.toThrow();
      expect(shown).not.toContain(secret);
    }
  });

  test('what is no secret stays as it came, escapes and all', () => {
    const text = String.raw`{"a": "b\u00e4\n\\ %41 &amp; +"}`;
    expect(withoutSecrets(text, ['other'])).toBe(text);
    expect(withoutSecrets('user and password', ['us', 'pas'])).toBe('user and password');
  });
});

// Nova's console tokens are a segment of the path (api-ref, "Show Console Connection Information"), as Keystone's v2.0 had all.
describe("a console's token", () => {
  const TOKEN = 'f00dcafe-1234-4321-aaaa-5e92a7a6e4b1';
  const ends: readonly (readonly [string, Parameters<typeof cloudListener>[0]])[] = [
    ['the connection breaks', (request) => void request.socket.destroy()],
    ['nothing comes', () => undefined],
    ['too much comes', (_, response) => void response.end(Buffer.alloc(5_000))],
    ['a page comes', (_, response) => void response.end(`<html>${TOKEN}`)],
    [
      'the service repeats it',
      (_, response) =>
        void response
          .writeHead(404)
          .end(`{"itemNotFound": {"code": 404, "message": "The token ${TOKEN} is"}}`),
    ],
  ];
  test.each(ends)('%s', async (_, answer) => {
    await using server = await listening(createServer(cloudListener(answer)));
    const cloud = connect({
      ...credentials(`http://127.0.0.1:${server.port}/v3`),
      retries: 0,
      timeout: 100,
      maxBody: 4_000,
    });
    const path = `os-console-auth-tokens/${TOKEN}`;
    for (const call of [
      cloud.compute.consoleAuthTokens.get({ id: TOKEN }),
      cloud.request('compute', { path }),
    ]) {
      const caught = await call.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(caught).toBeInstanceOf(Error);
      expect(shownBy(caught)).not.toContain(TOKEN);
    }
  });
});

test('a service that is asked for its versions with a token, and shows it on a debugging page', async () => {
  await using site = await cloudOfRoutes({ volumev3: '@/volume' }, ({ headers }) => {
    const token = headers['x-auth-token'];
    if (token === undefined) return { status: 401 };
    return { status: 500, body: `Traceback (most recent call last): environ ${String(token)}` };
  });
  const caught = await site.cloud.blockStorage.volumes.get({ id: 'x' }).catch((error: unknown) => error);
  expect(caught).toMatchObject({ code: 'server-error' });
  expect(shownBy(caught)).not.toContain('token-1');
});

test.each(['http://adm:c4nary@[bad/', 'adm:c4nary@host', 'ftp://adm:c4nary@host'])(
  'an endpoint that is no URL shows no userinfo: %s',
  async (url) => {
    const catalogOf: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (!(input instanceof Request) || !input.url.endsWith('/auth/tokens')) return response;
      const text = (await response.text()).replaceAll(/http:[^"]*\/compute[^"]*/g, url);
      return new Response(text, { status: 201, headers: { 'x-subject-token': 'token-1' } });
    };
    await using site = await cloudOfRoutes({ compute: '@/compute' }, () => undefined, { fetch: catalogOf });
    const caught = await site.cloud.compute.servers.get({ id: 'x' }).catch((error: unknown) => error);
    expect(caught).toMatchObject({ code: 'endpoint', reason: 'unusable' });
    expect(shownBy(caught)).not.toContain('c4nary');
  },
);
