import type { BrokenOption, KnownBreak } from '../known-break.ts';
import { code, note } from './source.ts';

const all = (section: string, ...names: readonly string[]): BrokenOption[] =>
  names.map((name) => ({ section, name }));
const ignored = { service: 'identity', outcome: 'is ignored', severity: 'medium' } as const;

/** Of Keystone. */
export const keystoneBreaks: readonly KnownBreak[] = [
  {
    id: 'keystone.v2',
    service: 'identity',
    in: 'queens',
    outcome: 'is gone but for its version document and `ec2tokens`',
    severity: 'critical',
    signs: { apiVersion: 'v2', spares: ['', 'ec2tokens'] },
    remedy: 'Move the clients to v3.',
    source: code(
      'keystone',
      '13.0.0',
      'keystone/version/service.py, "Only wire up the v2.0 version controller"',
    ),
  },
  {
    id: 'keystone.uuid-tokens',
    service: 'identity',
    in: 'rocky',
    outcome: 'is no longer there',
    severity: 'critical',
    signs: {
      options: [
        { section: 'token', name: 'provider', values: ['uuid'] },
        { section: 'token', name: 'driver', values: ['sql'] },
      ],
    },
    remedy: 'Set up Fernet keys, and change [token] provider to `fernet` before.',
    source: note('keystone', '14.0.0', 'removed-as-of-rocky-f44c3ba7c3e73d01'),
  },
  {
    ...ignored,
    id: 'keystone.trust-enabled',
    in: 'rocky',
    outcome: 'is ignored: trusts are always enabled',
    signs: { options: all('trust', 'enabled') },
    remedy: 'Take it out.',
    source: note('keystone', '14.0.0', 'removed-as-of-rocky-f44c3ba7c3e73d01'),
  },
  {
    ...ignored,
    id: 'keystone.removed-as-of-stein',
    in: 'stein',
    signs: {
      options: [
        ...all('DEFAULT', 'member_role_id', 'member_role_name', 'secure_proxy_ssl_header', 'crypt_strength'),
        ...all('token', 'bind'),
      ],
    },
    remedy: 'Take them out; behind a proxy use [oslo_middleware] enable_proxy_headers_parsing.',
    source: note('keystone', '15.0.0', 'removed-as-of-stein-5eb23253b72ab54e'),
  },
  {
    id: 'keystone.simple-cert',
    service: 'identity',
    in: 'train',
    outcome: 'answers 410',
    severity: 'medium',
    signs: {
      routes: [{ path: '/OS-SIMPLE-CERT' }],
      options: all('signing', 'certfile', 'keyfile', 'ca_certs', 'ca_key'),
    },
    remedy: 'It served PKI tokens, which are gone: take it out of the clients.',
    source: code(
      'keystone',
      '16.0.0',
      'keystone/api/os_simple_cert.py; keystone/conf/signing.py of 15.0.0 is gone',
    ),
  },
  {
    ...ignored,
    id: 'keystone.admin-endpoint',
    in: 'train',
    signs: { options: [...all('DEFAULT', 'admin_endpoint'), ...all('token', 'infer_roles')] },
    remedy: 'Take them out; the public endpoint is the only one.',
    source: note('keystone', '16.0.0', 'removed-as-of-train-92b2942a680eb859'),
  },
  {
    ...ignored,
    id: 'keystone.memcache-pool',
    in: 'caracal',
    signs: {
      options: all(
        'memcache',
        'dead_retry',
        'pool_maxsize',
        'pool_unused_timeout',
        'pool_connection_get_timeout',
      ),
    },
    remedy: 'Set the options of [cache].',
    source: note('keystone', '25.0.0', 'bug-1941020-cleanup-541a2d372a1cf4cd'),
  },
  {
    id: 'keystone.templated-catalogue',
    service: 'identity',
    in: 'epoxy',
    outcome: 'is no longer there',
    severity: 'critical',
    signs: {
      options: [
        { section: 'catalog', name: 'driver', values: ['templated'] },
        { section: 'catalog', name: 'template_file' },
      ],
    },
    remedy: 'Move the catalogue into the database: [catalog] driver = sql.',
    source: note('keystone', '27.0.0', 'remove-templated-catalog-driver-042dd821dbad684a'),
  },
];
