import type { Estate } from '../../src/packs.ts';
import { seen } from '../policy/seen.ts';
import {
  admin,
  container,
  credential,
  endpoint,
  image,
  listener,
  quota,
  server,
  trust,
  user,
  volume,
} from './estate.ts';

/** For each policy: estates that pass, that fail, and of which it cannot be said though all was read. */
export interface Fixture {
  readonly pass: readonly Partial<Estate>[];
  readonly fail: readonly Partial<Estate>[];
  readonly unknown?: readonly Partial<Estate>[];
}

const mfa = { multi_factor_auth_enabled: true, multi_factor_auth_rules: [['password', 'totp']] };
const past = '2026-03-01T00:00:00.000Z';
const users = (...all: Parameters<typeof user>[]) => ({ users: seen(all.map((entry) => user(...entry))) });
const many = (count: number, scope?: Parameters<typeof admin>[1]) => ({
  roleAssignments: seen(Array.from({ length: count }, (_, index) => admin(`u${index}`, scope))),
});
const credentials = (...all: Parameters<typeof credential>[0][]) => ({
  applicationCredentials: seen(all.map((entry) => credential(entry))),
});
const trusts = (...all: Parameters<typeof trust>[0][]) => ({
  trusts: seen(all.map((entry) => trust(entry))),
});
const images = (...all: Parameters<typeof image>[0][]) => ({
  images: seen(all.map((entry) => image(entry))),
});
const servers = (...all: Parameters<typeof server>[0][]) => ({
  servers: seen(all.map((entry) => server(entry))),
});
const volumes = (...all: Parameters<typeof volume>[0][]) => ({
  volumes: seen(all.map((entry) => volume(entry))),
});
const listeners = (...all: Parameters<typeof listener>[0][]) => ({
  listeners: seen(all.map((entry) => listener(entry))),
});
const endpoints = (...all: Parameters<typeof endpoint>[0][]) => ({
  endpoints: seen(all.map((entry) => endpoint(entry))),
});
const containers = (...all: Parameters<typeof container>[0][]) => ({
  containers: seen(all.map((entry) => container(entry))),
});
const luks = {
  id: 'vt1',
  name: 'luks',
  encryption: { provider: 'luks', cipher: 'aes-xts-plain64' },
  isDefault: true,
};
const plain = { id: 'vt2', name: 'plain', encryption: {}, isDefault: true };
const types = (...all: Estate['volumeTypes']['value']) => ({ volumeTypes: seen(all) });
const offer = (created_at: string) => ({
  transfers: seen([{ id: 'o1', name: 'to ada', volume_id: 'v1', created_at }]),
});
const both = [user('ada'), user('grace')];
const defaults = seen([{ service: 'compute' as const, limits: quota().limits }]);

// As Nova lists a server whose cell does not answer.
const { key_name: _key, ...keyless } = server();
const { metadata: _metadata, ...bare } = server();

export const fixtures: Readonly<Record<string, Fixture>> = {
  'audit.identity.user-without-mfa': {
    pass: [users(['ada', { options: mfa }]), users(['gone', { enabled: false }])],
    fail: [
      users(['ada']),
      users(['ada', { options: { multi_factor_auth_rules: [['password', 'totp']] } }]),
      users(['ada', { options: { multi_factor_auth_enabled: true } }]),
      users(['ada', { options: { multi_factor_auth_enabled: true, multi_factor_auth_rules: [] } }]),
      users(['ada', { options: { ...mfa, multi_factor_auth_rules: [['password', 'totp'], ['password']] } }]),
      users(['ada', { options: { ...mfa, multi_factor_auth_rules: [['password', 'password']] } }]),
      users(['ada', { options: { ...mfa, multi_factor_auth_rules: [[]] } }]),
    ],
    unknown: [users(['ada', { federated: [{ idp_id: 'acme' }] }])],
  },
  'audit.identity.lockout-bypassed': {
    pass: [users(['ada', { options: { ignore_lockout_failure_attempts: false } }])],
    fail: [users(['ada', { options: { ignore_lockout_failure_attempts: true } }])],
  },
  'audit.identity.password-expiry-bypassed': {
    pass: [users(['ada'])],
    fail: [users(['ada', { options: { ignore_password_expiry: true } }])],
  },
  'audit.identity.admin-without-mfa': {
    pass: [
      { users: seen([user('ada', { options: mfa }), user('bob')]), roleAssignments: seen([admin('ada')]) },
    ],
    fail: [{ users: seen([user('ada')]), roleAssignments: seen([admin('ada')]) }],
    unknown: [
      {
        users: seen([user('ada', { federated: [{ idp_id: 'acme' }] })]),
        roleAssignments: seen([admin('ada', { system: { all: true } })]),
      },
    ],
  },
  'audit.identity.stale-admin': {
    pass: [{ users: seen([user('ada')]), roleAssignments: seen([admin('ada')]) }],
    fail: [
      { users: seen([user('ada', { enabled: false })]), roleAssignments: seen([admin('ada')]) },
      {
        users: seen([user('ada', { password_expires_at: past })]),
        roleAssignments: seen([admin('ada', { domain: { id: 'd' } })]),
      },
    ],
    // The user may be in a directory, which no list of all users shows.
    unknown: [{ users: seen([]), roleAssignments: seen([admin('ada')]) }],
  },
  'audit.identity.many-admins': { pass: [many(10), many(0)], fail: [many(11)] },
  'audit.identity.many-system-admins': {
    pass: [many(3, { system: { all: true } }), many(11)],
    fail: [many(4, { system: { all: true } })],
  },
  'audit.identity.application-credential-unrestricted': {
    pass: [
      credentials({}),
      credentials({ unrestricted: null }),
      credentials({ unrestricted: true, expires_at: past }),
    ],
    fail: [credentials({ unrestricted: true })],
  },
  'audit.identity.application-credential-without-expiry': {
    pass: [credentials({})],
    fail: [credentials({ expires_at: null })],
    unknown: [credentials({ expires_at: undefined })],
  },
  'audit.identity.application-credential-with-admin': {
    pass: [credentials({})],
    fail: [
      credentials({
        roles: [
          { id: 'r', name: 'reader' },
          { id: 'r1', name: 'admin' },
        ],
      }),
    ],
    unknown: [credentials({ roles: undefined }), credentials({ roles: [] })],
  },
  'audit.identity.trust-with-impersonation': {
    pass: [
      trusts({}),
      trusts({ impersonation: true, deleted_at: past }),
      trusts({ impersonation: true, expires_at: past }),
    ],
    fail: [trusts({ impersonation: true })],
  },
  'audit.identity.trust-without-expiry': {
    pass: [trusts({})],
    fail: [trusts({ expires_at: null }), trusts({ expires_at: null, impersonation: true, project_id: null })],
  },
  'audit.identity.trust-of-disabled-user': {
    pass: [{ ...trusts({}), users: seen(both) }],
    fail: [{ ...trusts({}), users: seen([user('ada', { enabled: false }), user('grace')]) }],
    unknown: [{ ...trusts({}), users: seen([user('ada')]) }],
  },
  'audit.image.public': { pass: [images({})], fail: [images({ visibility: 'public' })] },
  'audit.image.community': {
    pass: [images({ visibility: 'public' })],
    fail: [images({ visibility: 'community' })],
  },
  'audit.image.unsigned': {
    pass: [images({})],
    fail: [images({ img_signature: undefined }), images({ img_signature_certificate_uuid: '' })],
  },
  'audit.image.unprotected': {
    pass: [images({ visibility: 'public' }), images({ protected: false })],
    fail: [images({ visibility: 'shared', protected: false })],
  },
  'audit.image.deactivated-in-use': {
    pass: [
      { ...servers({}), ...images({}) },
      servers({ image: '' }),
      servers({ image: { id: 'deleted since' } }),
    ],
    fail: [{ ...servers({}), ...images({ status: 'deactivated' }) }],
  },
  'audit.image.weak-hash': {
    pass: [images({}), images({ status: 'queued', os_hash_algo: null })],
    fail: [images({ os_hash_algo: 'md5' }), images({ os_hash_algo: null, os_hash_value: null })],
  },
  'audit.volume.unencrypted': {
    pass: [volumes({})],
    fail: [volumes({ encrypted: false })],
    unknown: [volumes({ encrypted: undefined })],
  },
  'audit.volume.type-unencrypted': { pass: [types(luks)], fail: [types(plain)] },
  'audit.volume.default-type-unencrypted': {
    pass: [types(luks, { ...plain, isDefault: false })],
    fail: [types({ ...luks, isDefault: false }, plain)],
  },
  'audit.volume.transfer-pending': {
    pass: [offer('2026-03-02T11:00:00.000Z')],
    fail: [offer(past)],
    unknown: [{ transfers: seen([{ id: 'o1', name: null, volume_id: 'v1', created_at: null }]) }],
  },
  'audit.volume.multiattach': { pass: [volumes({})], fail: [volumes({ multiattach: true })] },
  'audit.volume.secret-in-metadata': {
    pass: [volumes({ metadata: { purpose: 'passing tokens around', password: '' } })],
    fail: [volumes({ metadata: { db_password: 'hunter2' } }), volumes({ metadata: { 'api-key': 'x' } })],
  },
  'audit.server.without-keypair': {
    pass: [servers({})],
    fail: [servers({ key_name: null })],
    unknown: [{ servers: seen([keyless]) }],
  },
  'audit.server.secret-in-metadata': {
    pass: [servers({ metadata: { role: 'web' } })],
    fail: [servers({ metadata: { AWS_SECRET_ACCESS_KEY: 'hunter2' } })],
    unknown: [{ servers: seen([bare]) }],
  },
  'audit.endpoint.public-over-http': {
    pass: [endpoints({}), endpoints({ url: 'HTTPS://x' }), endpoints({ url: 'http://x', enabled: false })],
    fail: [endpoints({ url: 'http://keystone.example:5000' }), endpoints({ url: 'ftp://https://x' })],
  },
  'audit.endpoint.internal-over-http': {
    pass: [endpoints({ interface: 'internal' }), endpoints({ url: 'http://x' })],
    fail: [
      endpoints({ interface: 'internal', url: 'http://x' }),
      endpoints({ interface: 'admin', url: 'http://x' }),
    ],
  },
  'audit.load-balancer.old-tls': {
    pass: [listeners({}), listeners({ protocol: 'TCP', tls_versions: null })],
    fail: [listeners({ tls_versions: ['TLSv1.1', 'TLSv1.2'] })],
    unknown: [listeners({ tls_versions: undefined }), listeners({ tls_versions: [] })],
  },
  'audit.load-balancer.weak-ciphers': {
    pass: [listeners({}), listeners({ tls_ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305:!RC4' })],
    fail: [
      listeners({ tls_ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:DES-CBC3-SHA' }),
      listeners({ tls_ciphers: 'ECDHE-RSA-RC4-SHA' }),
      listeners({ tls_ciphers: 'AECDH-AES128-SHA' }),
    ],
    unknown: [listeners({ tls_ciphers: null })],
  },
  'audit.load-balancer.plaintext': {
    pass: [listeners({})],
    fail: [listeners({ protocol: 'HTTP', protocol_port: 80 })],
  },
  'audit.load-balancer.open-to-all': {
    pass: [listeners({})],
    fail: [listeners({ allowed_cidrs: null }), listeners({ allowed_cidrs: ['192.0.2.0/24', '::/0'] })],
  },
  'audit.quota.unlimited': {
    pass: [{ quotas: seen([quota(), quota({ limits: { ...quota().limits, key_pairs: -1 } })]) }],
    fail: [{ quotas: seen([quota({ limits: { ...quota().limits, cores: -1 } })]) }],
  },
  'audit.quota.default-unlimited': {
    pass: [{ defaultQuotas: defaults }],
    fail: [{ defaultQuotas: seen([{ service: 'network', limits: { port: -1 } }]) }],
  },
  'audit.quota.undecided': {
    pass: [{ quotas: seen([quota({ limits: { ...quota().limits, cores: 4 } })]), defaultQuotas: defaults }],
    fail: [{ quotas: seen([quota()]), defaultQuotas: defaults }],
  },
  'audit.container.public-read': {
    pass: [containers({}), containers({ read: 'p2:*,p3:ada' }), containers({ read: '.r:*, .r:-*' })],
    fail: [
      containers({ read: '.r:*' }),
      containers({ read: 'p2:*, .referrer : *' }),
      containers({ read: '.r:.example.com,.r:-bad.example.com' }),
    ],
  },
  'audit.container.public-listing': {
    pass: [containers({ read: '.r:*' }), containers({ read: '.rlistings' })],
    fail: [containers({ read: '.r:*,.rlistings' })],
  },
  'audit.container.read-by-every-user': {
    pass: [containers({ read: 'p2:*' })],
    fail: [containers({ read: '*:*' }), containers({ read: 'p2:ada, *' })],
  },
  'audit.container.written-by-every-user': {
    pass: [containers({ read: '*:*' })],
    fail: [containers({ write: '*:*' })],
  },
};
