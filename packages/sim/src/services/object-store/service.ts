import { records } from '@groundcrew/core';
import type { Release } from '../../releases.ts';
import type { SimulatedService } from '../../service.ts';
import { accountRoutes } from './account.ts';
import { containerRoutes } from './containers.ts';
import { objectPath } from './names.ts';
import { objectRoutes } from './objects.ts';
import { page, refusal, swiftFault } from './swob.ts';

const HTML = 'text/html; charset=UTF-8';

export const objectStore: SimulatedService = {
  spec: records.objectStore,
  prefix: '/object-store',
  version: '/v1',
  paths: { trailingSlash: 'kept', manySlashes: 'kept', json: false, head: 'unknown' },
  rawBodies: true,
  alias: objectPath,
  routes: { ...accountRoutes, ...containerRoutes, ...objectRoutes },
  // There is no version document. It tells of itself at `/info`, and of an URL without an account that it is bad.
  versions: (_root, path, release) =>
    path === 'info'
      ? { status: 200, body: infoOf(release), headers: { 'Content-Type': 'application/json; charset=UTF-8' } }
      : path === ''
        ? page(404)
        : { status: 412, raw: 'Bad URL', headers: { 'Content-Type': HTML } },
  document: 'info',
  fault: swiftFault,
  unknown: ({ allow }) => (allow === undefined ? refusal(404) : page(405, { Allow: allow.join(', ') })),
  malformed: '',
  emptyType: () => HTML,
  argumentFault: () => undefined,
  headers: (id) => {
    const transaction = transactionOf(id);
    return { 'X-Trans-Id': transaction, 'X-Openstack-Request-Id': transaction };
  },
};

/** `tx`, 21 digits of an id, and ten more, which are the time in the real one. */
function transactionOf(id: string): string {
  const digits = id.replace(/^req-/, '').replaceAll('-', '');
  return `tx${digits.slice(0, 21)}-00${digits.slice(21, 29)}`;
}

/** What `/info` says of the limits that are simulated, and of the middlewares. Its version is that of Zed. */
const infoOf = ({ name }: Release) => ({
  swift: {
    ...(name === 'zed' ? { version: '2.30.1' } : {}),
    strict_cors_mode: true,
    policies: [{ name: 'Policy-0', aliases: 'Policy-0', default: true }],
    allow_account_management: true,
    account_autocreate: true,
    max_file_size: 5_368_709_122,
    max_meta_name_length: 128,
    max_meta_value_length: 256,
    max_meta_count: 90,
    max_meta_overall_size: 4096,
    max_header_size: 8192,
    max_object_name_length: 1024,
    container_listing_limit: 10_000,
    account_listing_limit: 10_000,
    max_account_name_length: 256,
    max_container_name_length: 256,
    valid_api_versions: ['v1', 'v1.0'],
    extra_header_count: 0,
    auto_create_account_prefix: '.',
  },
  container_quotas: {},
  account_quotas: {},
});
