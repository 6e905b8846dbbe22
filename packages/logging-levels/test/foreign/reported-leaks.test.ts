// Secrets that services really logged. A line is as the report quotes it, or, where an advisory only describes it, as the source of that
// release wrote it; the secrets are the reports' own or invented.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { maskText } from '@groundcrew/ground';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assess, observe } from '../../src/index.ts';
import { readLogs } from '../../src/read.ts';
import { Templates } from '../../src/templates.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-leaks-'));
});
afterEach(() => rm(directory, { recursive: true }));

const REQUEST = 'req-d4def6f9-1ab9-4626-b6a8-d81643ea5eb4';
const oslo = (level: string, logger: string, message: string): string =>
  `2014-09-04 19:18:22.000 4711 ${level} ${logger} [${REQUEST} - -] ${message}`;

test.each([
  [
    'OSSA-2013-031, CVE-2013-6384, bug 1244476: the backend of Ceilometer',
    oslo(
      'INFO',
      'ceilometer.storage.impl_mongodb',
      'Connecting to MongoDB on mongodb://ceilometer:TL0EfN33@10.0.0.7:27017/ceilometer',
    ),
    'TL0EfN33',
  ],
  [
    'OSSA-2014-004, CVE-2014-1948, bug 1275062: the store of Glance',
    oslo(
      'WARNING',
      'glance.store',
      "Get image 9165dbda-f54e-4186-b2cb-e6ca05ac53ee data from {'url': 'swift+https://services%3Aglance:TL0EfN33@keystone:5000/v2.0/images/9165dbda', 'metadata': {}} failed: [Errno 111] ECONNREFUSED.",
    ),
    'TL0EfN33',
  ],
  [
    'OSSA-2014-036, CVE-2014-7230, bug 1343604: a command that failed',
    oslo(
      'ERROR',
      'trove.openstack.common.processutils',
      "u'mysqladmin -uroot --password TL0EfN33 status' failed. Not Retrying.",
    ),
    'TL0EfN33',
  ],
  [
    'OSSA-2015-008, CVE-2015-3646, bug 1443598: the cache of Keystone',
    oslo(
      'DEBUG',
      'keystone.common.cache.core',
      "cache.backend_argument         = ['db_hosts:mongo:27017', 'username:keystone', 'password:TL0EfN33']",
    ),
    'TL0EfN33',
  ],
  [
    'OSSA-2016-002, CVE-2015-8749, bug 1516765: what Xen connects to',
    oslo(
      'ERROR',
      'nova.virt.xenapi.volume_utils',
      "Unable to introduce SR: {'target': '10.0.0.7', 'port': '3260', 'chapuser': 'u', 'chappassword': 'TL0EfN33', 'auth_method': 'CHAP'}",
    ),
    'TL0EfN33',
  ],
  [
    'OSSA-2020-001, CVE-2015-9543, bug 1492140: the token of a console',
    oslo(
      'INFO',
      'nova.consoleauth.manager',
      "Received Token: 3dfcd011-28f1-4cf3-8f5c-8cd18de4560e, {'instance_uuid': u'9165dbda-f54e-4186-b2cb-e6ca05ac53ee', 'access_url': u'http://192.168.200.208:6080/vnc_auto.html?token=3dfcd011-28f1-4cf3-8f5c-8cd18de4560e', 'token': u'3dfcd011-28f1-4cf3-8f5c-8cd18de4560e', 'console_type': u'novnc'}",
    ),
    '3dfcd011',
  ],
  [
    'OSSN-0023: a token in the path of Keystone v2.0',
    oslo(
      'INFO',
      'eventlet.wsgi.server',
      '10.0.0.66 - - [22/Aug/2014 12:39:01] "GET /v2.0/tokens/0f1e2d3c4b5a69788796a5b4c3d2e1f0 HTTP/1.1" 403 325 0.006539',
    ),
    '0f1e2d3c',
  ],
  [
    'PyCQA/bandit issue 201, bug 1465922: a user that is created',
    oslo(
      'DEBUG',
      'keystone.common.controller',
      "RBAC: Authorizing identity:create_user(user={u'domain_id': u'default', u'password': u'CLEARTEXTPASSWORD', u'enabled': True})",
    ),
    'CLEARTEXT',
  ],
  [
    'democratic-csi/democratic-csi issue 515: CHAP',
    'executing iscsi command: iscsiadm -m node -T iqn.2000-01.com.synology:csi.pvc-778840af -p [fd12:3456:789a::1]:3260 -o update --name node.session.auth.password --value ahgohCi7uu7f',
    'ahgohCi7uu7f',
  ],
  [
    'apache/cloudstack issue 9512: an access log',
    '10.30.0.61 - - [09/Aug/2024:16:42:01 +0000] "GET /client/api?account=joe&apiKey=<apikey>&command=addVpnUser&password=TOPSECRETPASSWORD&response=json&signature=Ek%2BC7EGsrmNi0ONFL%2BxJBJxSGe0%3D HTTP/1.1" 200 115 "-" "GuzzleHttp/7" 86',
    'TOPSECRET',
  ],
  [
    'apache/cloudstack issue 4550: noVNC, with its token in a parameter',
    '10.0.0.7 - - [18/Dec/2020:10:00:00 +0000] "GET /vnc_lite.html?path=%3Ftoken%3D3dfcd011-28f1-4cf3-8f5c-8cd18de4560e HTTP/1.1" 200 -',
    '3dfcd011',
  ],
])('%s', async (_, line, secret) => {
  await writeFile(path.join(directory, 'x.log'), `${line}\n`);
  const templates = new Templates();
  const logs = await observe(directory, { templates });
  const findings = assess(logs);
  expect(findings.find(({ id }) => id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  for await (const record of readLogs(directory)) templates.add(record);
  expect(JSON.stringify({ logs, findings, templates })).not.toContain(secret);
  expect(maskText(line)).not.toContain(secret);
});

// oslo_utils/tests/test_strutils.py, MaskPasswordTestCase: what oslo.utils masks is masked here, too.
test.each([
  `Namespace(passcode='', username='', password='my"passTL0EfN33', profile='', verify=None, token='')`,
  "{ 'adminPass' : 'TL0EfN33' }",
  "{ 'KeystoneFernetKey1' : 'TL0EfN33' }",
  "{ 'OctaviaCaKeyPassphrase' : 'TL0EfN33' }",
  '<admin_password>\n                        TL0EfN33\n                     </admin_password>',
  '<Password1>TL0EfN33</Password1>',
  'adminPass = "TL0EfN33"',
  'body: {"changePassword": {"adminPass": "TL0EfN33"}}',
  'mysqld --password TL0EfN33',
  'mysqld --password = "TL0EfN33"',
  'test = password =   TL0EfN33',
  'test = password =TL0EfN33',
  'test = "original_password" : "aaaaa"TL0EfN33"',
  "{'adminPass':'TL0E'TL0EfN33'}",
  "test = 'node.session.auth.password','-v','TL0EfN33','nomask'",
  "test = 'node.session.auth.password', '--password', 'TL0EfN33', 'nomask'",
  'test = node.session.auth.password -v TL0EfN33 nomask',
  'test = node.session.auth.password --password TL0EfN33 nomask',
  'test = cmd --password my\u00E9\u0080\u0080TL0EfN33',
])('as oslo.utils: %s', (text) => {
  expect(maskText(text)).not.toContain('TL0EfN33');
});
