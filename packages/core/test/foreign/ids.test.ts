import { expect, test } from 'vitest';
import { isInputError } from '../../src/index.ts';
import { cloudOfRoutes } from './cloud-of-routes.ts';

// middleapi/orpc pull request 2011, webtorrent/magnet-uri issue 13: `encodeURIComponent` throws a URIError for half of a pair.
const halves = ['\ud800', 'a\udc00b', '\ude00\ud83d'];
const climbing = ['.', '..', ''];
const services = { compute: '@/compute/v2.1', image: '@/image/v2', identity: '@/identity/v3' };
const found = (error: unknown): unknown => error;

test.each([...halves, ...climbing])(
  'the id %j is an InputError with its field, and nothing is sent',
  async (id) => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const { compute, image } = at.cloud;
    const errors = [
      await compute.servers.get({ id }).catch(found),
      await compute.servers.delete({ id }, { missingOk: true }).catch(found),
      await compute.servers.waitGone(id).catch(found),
      await image.data.upload({ id }, new Uint8Array(1)).catch(found),
      await Array.fromAsync(image.data.download({ id })).catch(found),
    ];
    expect(errors.map((error) => isInputError(error) && error.field)).toEqual(Array(5).fill('id'));
    expect(at.seen).toEqual([]);
  },
);

test.each(halves)('the filter %j is no other filter', async (name) => {
  await using at = await cloudOfRoutes(services, () => undefined);
  const error = await Array.fromAsync(at.cloud.compute.servers.list({ name })).catch(found);
  expect(error).toMatchObject({ code: 'input', field: 'name' });
  expect(at.seen).toEqual([]);
});

test.each(['gAAAA\n', 'a\r\nx-roles: admin', 'a\u0000', 'snow\u2603'])(
  'a header cannot hold %j: said without showing it',
  async (subject_token) => {
    await using at = await cloudOfRoutes(services, () => undefined);
    const error = await at.cloud.identity.tokens.validate({ subject_token }).catch(found);
    expect(error).toMatchObject({ code: 'input', field: 'subject_token' });
    expect(JSON.stringify([(error as Error).message, error, (error as Error).cause])).not.toContain(
      subject_token.slice(0, 2),
    );
    expect(at.seen).toEqual([]);
  },
);
