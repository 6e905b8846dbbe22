// Lines that only speak of secrets, as services write them: none is flagged, not even as likely. The forms are those of the named
// sources; ids, names and addresses are invented.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { observe } from '../../src/index.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-no-secrets-'));
});
afterAll(() => rm(directory, { recursive: true }));

const HEAD =
  '2026-11-30 03:12:00.000 7 DEBUG nova.x [None req-00000000-0000-4000-8000-000000000001 - - - - -]';
const SHA = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';

test.each([
  // keystone/exception.py, keystone/auth/core.py, keystone/token/provider.py
  'Authentication token expired',
  'Authorization failed. The request you have made requires authentication. from 10.0.0.7',
  'Failed to validate token: keystone.exception.TokenNotFound: Failed to validate token',
  'Could not find token: expired',
  'Token 3dfcd01128f14cf38f5c8cd18de4560e was revoked',
  "Token is expired, or the user's password was changed",
  'Loaded 2 Fernet keys from /etc/keystone/fernet-keys/, but `[fernet_tokens] max_active_keys = 3`',
  'The password does not match the requirements: at least eight characters',
  'Truncating password to algorithm specific maximum length 72 characters.',
  "{'user': {'id': 'a', 'password_expires_at': '2026-12-24T00:00:00.000000', 'name': 'demo'}}",
  "{'auth': {'identity': {'methods': ['password', 'token'], 'password': {'user': {'name': 'demo', 'password': '***'}}}}}",
  "Supported methods: ('password', 'token', 'application_credential', 'mapped')",
  // keystonemiddleware/auth_token/__init__.py, and paste's entry points
  'Starting Keystone auth_token middleware',
  'AuthToken middleware is set with keystone_authtoken.service_token_roles_required set to False.',
  'Using the in-process token cache is deprecated, see [keystone_authtoken] memcached_servers',
  'Configuring auth_url, auth_type and region in [keystone_authtoken] of nova.conf',
  'Loading filter authtoken from keystonemiddleware.auth_token:filter_factory',
  'Identity response: {"token": {}}',
  'Unable to validate token: Failed to fetch token data from identity server',
  // keystoneauth1/session.py
  `REQ: curl -g -i -X GET http://keystone:5000/v3 -H "X-Auth-Token: {SHA256}${SHA}" -H "Accept: application/json"`,
  `RESP: [201] Content-Length: 7 X-Subject-Token: {SHA256}${SHA} x-openstack-request-id: req-1`,
  'RESP BODY: Omitted, Content-Type is set to text/html. Only application/json responses have their bodies logged.',
  'Making authentication request to http://keystone:5000/v3/auth/tokens',
  'GET /v3/auth/tokens HTTP/1.1 status: 200 len: 3000',
  // oslo_config/cfg.py, log_opt_values
  'keystone_authtoken.password    = ****',
  'keystone_authtoken.auth_url    = http://controller:5000/v3',
  'api_database.connection        = ****',
  'glance.cafile                  = None',
  'libvirt.rbd_secret_uuid        = 457eb676-33da-42ec-9a8c-9293d545c337',
  'secret_uuid=457eb676-33da-42ec-9a8c-9293d545c337',
  'certificates.ca_private_key    = /etc/octavia/certs/private/ca.key.pem',
  'token.expiration               = 3600',
  'fernet_tokens.key_repository   = /etc/keystone/fernet-keys/',
  'vnc.novncproxy_base_url        = http://127.0.0.1:6080/vnc_auto.html',
  'consoleauth.token_ttl          = 600',
  'transport_url                  = ****',
  // Nova, Neutron, Cinder, Glance, Heat
  "Creating server {'key_name': 'web', 'key_data': 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 demo@web'}",
  'Using the keypair web of user 3dfcd01128f14cf38f5c8cd18de4560e',
  'password injection is disabled, no admin password is set',
  "LibvirtConfigGuestDisk: <secret type='ceph' uuid='457eb676-33da-42ec-9a8c-9293d545c337'/>",
  'GET /v1/secrets/3dfcd011-28f1-4cf3-8f5c-8cd18de4560e HTTP/1.1',
  'secret_ref: http://barbican:9311/v1/secrets/3dfcd011-28f1-4cf3-8f5c-8cd18de4560e',
  'transport_url=rabbit://***:***@mq:5672//',
  'Connected to AMQP server on mq:5672 via [amqp] client with port 51234.',
  'GET /allocation_candidates?limit=1000&resources=DISK_GB%3A1%2CMEMORY_MB%3A64%2CVCPU%3A1 HTTP/1.1',
  'GET /v2.0/ports?tenant_id=3dfcd01128f14cf38f5c8cd18de4560e&device_id=3dfcd011-28f1-4cf3-8f5c-8cd18de4560e HTTP/1.1',
  'GET /v2/images?marker=3dfcd011-28f1-4cf3-8f5c-8cd18de4560e&limit=20 HTTP/1.1',
  '{"next_page_token": null, "tokens": 3}',
  'Basic authentication is not supported, Bearer tokens are',
  'ssh: connect to git@10.0.0.7 port 22: Connection refused',
  'See https://docs.openstack.org/keystone/latest/admin/tokens-overview.html for the tokens',
  'password: <redacted>, token: <SANITIZED>, secret = [masked]',
  'admin_password = %(admin_password)s',
  'password: ${OS_PASSWORD}',
  'nova_password: {{ nova_password }}',
  'Namespace(passcode=None, password=None, token=None)',
  '[--os-password <auth-password>] [--os-token <token>] --os-cloud prod',
  '--os-token is deprecated, use an application credential instead',
  'openstack.config.cloud_region: the passwords of 3 clouds were read',
  "<domain><devices><graphics type='vnc' passwdValidTo='1970-01-01T00:00:01'/></devices></domain>",
])('%s', async (text) => {
  await writeFile(path.join(directory, 'x.log'), `${HEAD} ${text}\n`);
  const { value } = await observe(directory);
  expect(value.records).toBe(1);
  expect(value.offences.filter(({ rule }) => rule === 'secret-in-log')).toEqual([]);
});
