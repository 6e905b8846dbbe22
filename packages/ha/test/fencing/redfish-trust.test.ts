import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { simulateBmcs } from '@groundcrew/sim';
import { expect, onTestFinished, test } from 'vitest';
import { redfishDriver } from '../../src/fencing/redfish.ts';

const ACCOUNT = { username: 'admin', password: 'password' };

async function certificate(): Promise<{ cert: string; key: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'board-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [cert, key] = [path.join(folder, 'cert'), path.join(folder, 'key')];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
  ];
  const subject = ['-subj', '/CN=board', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'pipe' });
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}

test('a certificate of its own is believed only when it is named, or none is asked for', async () => {
  const tls = await certificate();
  const bmcs = simulateBmcs({ hosts: ['h'] });
  const { url, close } = await bmcs.listen({ tls });
  onTestFinished(close);
  const read = (differs: object) =>
    redfishDriver({ hosts: { h: { url, ...ACCOUNT, ...differs } } }).read('h');
  expect(await read({})).toMatchObject({
    state: 'unknown',
    statement: expect.stringMatching(/self-signed certificate/),
  });
  expect(await read({ ca: (await certificate()).cert })).toMatchObject({ state: 'unknown' });
  expect(await read({ ca: tls.cert })).toMatchObject({ state: 'on' });
  expect(await read({ verify: false })).toMatchObject({ state: 'on' });
});

/** A board that answers what it likes, and what it was asked. */
async function board(answer: RequestListener): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'nobody'}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const json =
  (body: object): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify(body));

test('a board that points elsewhere gets nobody else the password', async () => {
  const thief = await board(json({}));
  const elsewhere = [
    json({ Members: [{ '@odata.id': `${thief.url}/redfish/v1/Systems/1` }] }),
    json({ Members: [{ '@odata.id': `//${new URL(thief.url).host}/1` }] }),
    json({
      Id: '1',
      PowerState: 'On',
      Actions: { '#ComputerSystem.Reset': { target: `${thief.url}/reset` } },
    }),
    ((_request, response) => response.writeHead(307, { Location: thief.url }).end()) as RequestListener,
  ];
  for (const answer of elsewhere) {
    const { url } = await board(answer);
    for (const systemId of [undefined, '1']) {
      const driver = redfishDriver({ hosts: { h: { url, ...ACCOUNT, systemId } } });
      await expect(driver.off('h')).rejects.toMatchObject({ code: 'board' });
    }
  }
  expect(thief.asked).toEqual([]);
});

test.each([
  { PowerState: 'off' },
  { PowerState: 'PoweringOff' },
  { PowerState: 'Paused' },
  { PowerState: null },
  { PowerState: false },
  { PowerState: ['Off'] },
  {},
])('only Off is off, not %j', async (said) => {
  const { url } = await board(json({ Id: '1', ...said }));
  const driver = redfishDriver({ hosts: { h: { url, ...ACCOUNT, systemId: '1' } } });
  expect(await driver.read('h')).toMatchObject({ state: 'unknown' });
});

test('who it is, is compared where it is known: also when the board does not say', async () => {
  const uuid = '4C4C4544-0000-1000-8000-00000000000A';
  const read = async (says: object, identity: object) => {
    const { url } = await board(json({ Id: '1', PowerState: 'Off', ...says }));
    const hosts = { h: { url, ...ACCOUNT, systemId: '1', identity } };
    return (await redfishDriver({ hosts }).read('h')).state;
  };
  expect(await read({ UUID: uuid.toLowerCase() }, { uuid })).toBe('off');
  expect(await read({ UUID: uuid.replace('A', 'B') }, { uuid })).toBe('unknown');
  expect(await read({}, { uuid })).toBe('unknown');
  expect(await read({ UUID: uuid, SerialNumber: 'S2' }, { uuid, serialNumber: 'S1' })).toBe('unknown');
});

test('an answer without end, or one that breaks off, is none', async () => {
  const endless = await board((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  });
  const broken = await board((_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('{"Id": "1", "PowerState": "Off"}', () => response.destroy());
  });
  for (const { url } of [endless, broken]) {
    const driver = redfishDriver({ hosts: { h: { url, ...ACCOUNT, systemId: '1' } } });
    expect(await driver.read('h')).toMatchObject({ state: 'unknown' });
  }
});
