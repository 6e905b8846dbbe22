import { describe, expect, test } from 'vitest';
import { allPacks, type Estate } from '../../src/packs.ts';
import { evaluate } from '../../src/policy.ts';
import {
  admin,
  container,
  credential,
  estate,
  image,
  listener,
  quota,
  server,
  trust,
  user,
  volume,
} from '../packs/estate.ts';
import { NOW, seen } from '../policy/seen.ts';

// Policies, older releases and cells that are down leave fields out. What is absent is not `false`, not none, not never.

/** The verdicts on things, without that on the whole. */
const verdicts = (id: string, parts: Partial<Estate>): string[] =>
  evaluate(
    allPacks.filter((entry) => entry.id === id),
    estate(parts),
    { now: NOW },
  ).findings.map(({ verdict }) => verdict);

describe('a field that is absent is not known', () => {
  test.each<readonly [string, string, Partial<Estate>]>([
    // openstack/keystone, keystone/identity/backends: drivers of other people, and older releases, give users no options.
    [
      'options of a user',
      'audit.identity.user-without-mfa',
      { users: seen([user('ada', { options: undefined })]) },
    ],
    [
      'options of a user',
      'audit.identity.lockout-bypassed',
      { users: seen([user('ada', { options: undefined })]) },
    ],
    [
      'options of a user',
      'audit.identity.password-expiry-bypassed',
      { users: seen([user('ada', { options: undefined })]) },
    ],
    [
      'options of an administrator',
      'audit.identity.admin-without-mfa',
      { users: seen([user('ada', { options: undefined })]), roleAssignments: seen([admin('ada')]) },
    ],
    [
      'a time that is none',
      'audit.identity.stale-admin',
      {
        users: seen([user('ada', { password_expires_at: 'soon' })]),
        roleAssignments: seen([admin('ada')]),
      },
    ],
    // ernw/steampipe-plugin-openstack takes a missing `unrestricted` for false.
    [
      'unrestricted',
      'audit.identity.application-credential-unrestricted',
      { applicationCredentials: seen([credential({ unrestricted: undefined })]) },
    ],
    [
      'names of roles',
      'audit.identity.application-credential-with-admin',
      { applicationCredentials: seen([credential({ roles: [{ id: 'r1' }] })]) },
    ],
    [
      'expires_at of a trust',
      'audit.identity.trust-without-expiry',
      { trusts: seen([trust({ expires_at: undefined })]) },
    ],
    // keystone/identity/core.py, `get_user` and `list_users`: of a list Keystone tells nobody's identity providers.
    [
      'identity providers of a user',
      'audit.identity.user-without-mfa',
      { users: seen([user('ada', { federated: undefined })]) },
    ],
    // keystone/api/role_assignments.py, `_format_entity`: a project, a domain or the system, one of the three.
    [
      'the scope of an assignment',
      'audit.identity.many-system-admins',
      { roleAssignments: seen([admin('ada', {})]) },
    ],
    // api-ref, "Users": `password_expires_at` is new in 3.7, and of Keystone's own passwords.
    [
      'the end of a password',
      'audit.identity.stale-admin',
      {
        users: seen([user('ada', { password_expires_at: undefined })]),
        roleAssignments: seen([admin('ada')]),
      },
    ],
    [
      'roles, an empty list',
      'audit.identity.application-credential-with-admin',
      { applicationCredentials: seen([credential({ roles: [] })]) },
    ],
    // octavia/api/v2/types/listener.py: null for an empty list, and no field at all before 2.12.
    [
      'allowed_cidrs',
      'audit.load-balancer.open-to-all',
      { listeners: seen([listener({ allowed_cidrs: undefined })]) },
    ],
    // glance/api/v2/images.py: null where there is none, and no field at all before Rocky.
    [
      'os_hash_algo',
      'audit.image.weak-hash',
      { images: seen([image({ os_hash_algo: undefined, os_hash_value: undefined })]) },
    ],
    // cinder/api/contrib/volume_type_encryption.py: an unencrypted type answers `{}`.
    [
      'provider of an encryption',
      'audit.volume.type-unencrypted',
      {
        volumeTypes: seen([
          { id: 't', name: 'luks', encryption: { cipher: 'aes-xts-plain64' }, isDefault: true },
        ]),
      },
    ],
    [
      'a limit that may be the decision',
      'audit.quota.undecided',
      {
        quotas: seen([quota({ limits: { cores: 20 } })]),
        defaultQuotas: seen([{ service: 'compute', limits: { cores: 20, instances: 10, ram: 51_200 } }]),
      },
    ],
    // openstack/nova, API guide "Down cells": four keys are left of a server.
    [
      'the image of a server',
      'audit.image.deactivated-in-use',
      { servers: seen([server({ image: undefined as never })]) },
    ],
    [
      'the image of a server, null',
      'audit.image.deactivated-in-use',
      { servers: seen([server({ image: null as never })]) },
    ],
    ['multiattach', 'audit.volume.multiattach', { volumes: seen([volume({ multiattach: undefined })]) }],
    // openstack/cinder, api/v3/types.py: GET types/default is 404 where no default is configured.
    [
      'the default type',
      'audit.volume.default-type-unencrypted',
      { volumeTypes: seen([{ id: 't', name: 'plain', encryption: {}, isDefault: false }]) },
    ],
    [
      'a time that is none',
      'audit.volume.transfer-pending',
      { transfers: seen([{ id: 'o', name: 'offer', volume_id: 'v', created_at: 'yesterday' }]) },
    ],
    // A Neutron without L3 has no quota for routers; a policy may show some limits only.
    ['a limit', 'audit.quota.unlimited', { quotas: seen([quota({ limits: { cores: 20 } })]) }],
    [
      'a default limit',
      'audit.quota.default-unlimited',
      { defaultQuotas: seen([{ service: 'compute', limits: { cores: 20 } }]) },
    ],
    [
      'default limits of a service',
      'audit.quota.undecided',
      { quotas: seen([quota()]), defaultQuotas: seen([{ service: 'network', limits: { port: 5 } }]) },
    ],
    // openstack/swift, proxy/server.py: swift_owner_headers are taken out of what readers of an account are answered.
    ['access lists', 'audit.container.public-read', { containers: seen([container({ read: undefined })]) }],
    [
      'access lists',
      'audit.container.written-by-every-user',
      { containers: seen([container({ write: undefined })]) },
    ],
  ])('%s: %s', (_, id, parts) => {
    expect(verdicts(id, parts)).toEqual(['unknown']);
  });
});

describe('secrets in metadata', () => {
  // prowler-cloud/prowler, compute_instance_metadata_sensitive_data and blockstorage_volume_metadata_sensitive_data.
  test.each([
    ['under a name', { dbPassword: 'hunter2' }, 'dbPassword'],
    ['in a URL', { backend: 'amqp://nova:hunter2@mq.example:5672/' }, 'backend'],
    ['as a line', { notes: 'admin_password = hunter2' }, 'notes'],
    ['as a key', { seed: '-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----' }, 'seed'],
  ])('%s', (_, metadata, name) => {
    for (const [id, parts] of [
      ['audit.server.secret-in-metadata', { servers: seen([server({ metadata })]) }],
      ['audit.volume.secret-in-metadata', { volumes: seen([volume({ metadata })]) }],
    ] as const) {
      const report = evaluate(
        allPacks.filter((entry) => entry.id === id),
        estate(parts),
        { now: NOW },
      );
      expect(report.findings).toMatchObject([
        { verdict: 'fail', because: [{ statement: expect.stringContaining(name) }] },
      ]);
      expect(JSON.stringify(report)).not.toContain('hunter2');
    }
  });
  test.each([{ token_ttl: '3600' }, { key_name: 'ada' }, { password_policy: 'strict' }])(
    'a name that only speaks of one: %j',
    (metadata) => {
      expect(verdicts('audit.server.secret-in-metadata', { servers: seen([server({ metadata })]) })).toEqual([
        'pass',
      ]);
    },
  );
});

test('null is none where the service writes it so', () => {
  const open = { listeners: seen([listener({ allowed_cidrs: null })]) };
  expect(verdicts('audit.load-balancer.open-to-all', open)).toEqual(['fail']);
  const unhashed = { images: seen([image({ os_hash_algo: null, os_hash_value: null })]) };
  expect(verdicts('audit.image.weak-hash', unhashed)).toEqual(['fail']);
});
