import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { connect, NotFoundError, unlessGone } from '../../src/index.ts';
import { cloudListener, credentials, json, listening } from '../scripted-cloud.ts';

const NOVAS = { itemNotFound: { code: 404, message: 'Instance gone could not be found.' } };

test('what a service says that there is not is undefined, and what it shows is that', async () => {
  const server = createServer(
    cloudListener((request, response) =>
      request.url?.endsWith('/servers/there')
        ? json(response, 200, { server: { id: 'there' } })
        : json(response, 404, NOVAS),
    ),
  );
  await using listener = await listening(server);
  await using cloud = connect(credentials(`http://127.0.0.1:${listener.port}/v3`));
  const shown = (id: string) => unlessGone(() => cloud.request('compute', { path: `servers/${id}` }));
  expect(await shown('there')).toMatchObject({ body: { server: { id: 'there' } } });
  expect(await shown('gone')).toBeUndefined();
});

test('a name that find did not find is undefined', async () => {
  expect(await unlessGone(() => Promise.reject(new NotFoundError('no server web')))).toBeUndefined();
});

test('the 404 of a proxy is thrown, and so is every other error', async () => {
  const server = createServer(
    cloudListener((request, response) =>
      request.url?.endsWith('/servers/refused')
        ? json(response, 403, { forbidden: { code: 403, message: 'no' } })
        : response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>'),
    ),
  );
  await using listener = await listening(server);
  await using cloud = connect(credentials(`http://127.0.0.1:${listener.port}/v3`));
  const shown = (id: string) => unlessGone(() => cloud.request('compute', { path: `servers/${id}` }));
  await expect(shown('behind-a-proxy')).rejects.toMatchObject({ status: 404 });
  await expect(shown('refused')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(unlessGone(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
});
