// The names come from oslo.utils (strutils.py, _SANITIZE_KEYS) and from the options of Nova, Neutron, Heat and
// keystoneauth; the shapes from oslo.messaging's transport_url, oslo.db's connection and RFC 7468.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assess, observe } from '../../src/index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'groundcrew-foreign-secrets-'));
});
afterEach(() => rm(directory, { recursive: true }));

const CANARY = 'c4n4ry';
const head = '2026-01-01 10:00:00.000 7 INFO nova.service [-]';

async function judged(...lines: string[]) {
  await writeFile(path.join(directory, 'x.log'), `${lines.join('\n')}\n`);
  const logs = await observe(directory);
  return { logs, findings: assess(logs) };
}

test.each([
  `mysql://nova:${CANARY}@db/nova`,
  `Starting to use mysql+pymysql://nova:${CANARY}@db/nova`,
  `postgresql://nova:${CANARY}@db/nova`,
  `redis://:${CANARY}@cache:6379`,
  `amqp://u:${CANARY}@mq:5672//`,
  `rabbit://u:${CANARY}@mq:5672/`,
  `X-Service-Token: ${CANARY}`,
  `admin_password = ${CANARY}`,
  `auth_password=${CANARY}`,
  `application_credential_secret = ${CANARY}`,
  `client_secret: ${CANARY}`,
  `metadata_proxy_shared_secret = ${CANARY}`,
  `Authorization: Bearer ${CANARY}0123456789`,
  `{"adminPass": "${CANARY}"}`,
  `user_data=${CANARY}I2Nsb3VkLWNvbmZpZwo=`,
  `Starting with -----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`,
])('found, and shown nowhere: %s', async (text) => {
  const { logs, findings } = await judged(`${head} ${text}`);
  expect(findings.find((finding) => finding.id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  expect(JSON.stringify({ logs, findings })).not.toContain(CANARY);
});

test('in a line of another format it is found as well', async () => {
  const { logs, findings } = await judged(`DEBUG: mysql://nova:${CANARY}@db/nova`);
  expect(findings.find((finding) => finding.id === 'logging-levels.secret-in-log')?.verdict).toBe('fail');
  expect(JSON.stringify({ logs, findings })).not.toContain(CANARY);
});

test('what only speaks of secrets is none', async () => {
  const { findings } = await judged(
    ...[
      'password=*** and token=<SANITIZED>',
      'password: <redacted>',
      'admin_password: None',
      'token_ttl = 3600',
      'Token 0f1e2d3c-0f1e-0f1e-0f1e-0f1e2d3c4b5a was revoked',
      'The token: expired',
      'password_expires_at = 2026-01-01',
      'key_name = web',
      'certificates.ca_private_key    = /etc/octavia/certs/ca.key.pem',
      'X-Auth-Token: {SHA256}2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
      'Fetched http://controller:8774/v2.1/servers?limit=5',
    ].map((text) => `${head} ${text}`),
  );
  expect(findings.filter((finding) => finding.verdict === 'fail')).toEqual([]);
});
