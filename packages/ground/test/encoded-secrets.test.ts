// A secret in each encoding in which a service, a proxy or a dashboard may write it. The forms are those of oslo_utils/strutils.py
// (`_FORMAT_PATTERNS_1` and `_2`), of Python's `repr` and `pprint`, of RFC 3986, and of HTML's named characters.
import { describe, expect, test } from 'vitest';
import { findSecrets, isSecretName, maskText } from '../src/index.ts';

const CANARY = 'c4n-ary';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('by the name before it', () => {
  test.each([
    ['encoded for a URL', `path=%3Ftoken%3D${CANARY}`],
    ['encoded for a URL, in quotes', encodeURIComponent(JSON.stringify({ password: CANARY }))],
    ['encoded twice', encodeURIComponent(encodeURIComponent(`x=1&password=${CANARY}`))],
    ['HTML', `{&quot;password&quot;: &quot;${CANARY}&quot;}`],
    ['HTML, by numbers', `{&#39;adminPass&#39;: &#39;${CANARY}&#39;}`],
    ['HTML, by hexadecimal numbers', `{&#x27;secret&#x27;: &#x27;${CANARY}&#x27;}`],
    ['escapes of JSON', String.raw`{\u0022client_secret\u0022:\u0022${CANARY}\u0022}`],
    ['escapes of Python', String.raw`{\x27auth_token\x27: \x27${CANARY}\x27}`],
    ['behind an escaped line feed', String.raw`"[DEFAULT]\npassword = ${CANARY}\nx = 1"`],
    ['behind an escaped tab', String.raw`a\tpsk=${CANARY}`],
    ['a pair of Python', `[('Content-Type', 'x'), ('X-Auth-Token', '${CANARY}')]`],
    ['a pair of Python 2', `[(u'X-Subject-Token', u'${CANARY}')]`],
    ['arguments of a command', `['mysqldump', '--password', '${CANARY}', 'nova']`],
    ['an argument behind another', `('iscsiadm', '-n', 'node.session.auth.password', '-v', '${CANARY}')`],
    ['an argument of a line', `iscsiadm -o update --name node.session.auth.password --value ${CANARY}`],
    ['a list of names and values', `"env": [{"name": "OS_PASSWORD", "value": "${CANARY}"}]`],
    ['a value in the line below', `{'password':\n   '${CANARY}'}`],
    ['XML with a namespace', `<wsse:Password>${CANARY}</wsse:Password>`],
    ['a quote inside that nothing escapes', `{'adminPass':'ab'${CANARY}', 'x': 1}`],
    ['an acronym', `AWSSecretKey=${CANARY}`],
    ['words without a mark between them', `rabbitpassword=${CANARY}&clientsecret=${CANARY}`],
    ['a digit in the name', `s3_secret_key = ${CANARY}`],
    ['a signature in a URL', `/v1/signal/a?SignatureMethod=HmacSHA256&Signature=${CANARY}&x=1`],
    ['a scheme in the middle of a line', `curl -H "Authorization: Basic ${CANARY}" x`],
    ['bytes of Python', `b'user=x&password=${CANARY}&y=1'`],
    ['a field of SAML', `SAMLResponse=${CANARY}`],
    ['an assertion', `{"assertion": "${CANARY}"}`],
  ])('%s: %s', (_, text) => {
    expect(maskText(text)).not.toContain(CANARY);
    expect(findSecrets(text).length).toBeGreaterThan(0);
  });
});

describe('by its shape', () => {
  const key = `AQ${'Bb1'.repeat(12)}==`;
  const fernet = 'gAAAAABk9-Zx_0123456789abcdefghij';
  const data = base64(`#cloud-config\nchpasswd: demo:${CANARY}\n`);
  test.each([
    ['userinfo, encoded', encodeURIComponent(`mysql+pymysql://nova:${CANARY}@db/nova`), CANARY],
    ['userinfo with words in brackets', `mysql://nova:(${CANARY})x@db/nova`, CANARY],
    ['a token behind an escaped line feed', String.raw`a\n${fernet}`, fernet],
    ['a token in an encoded query', `next=%3Fx%3D${fernet}`, fernet],
    ['a key of Ceph, encoded', encodeURIComponent(`key: ${key}`), key.slice(0, 30)],
    ['Basic without a digit', `sent Basic ${base64('user:pass')} there`, base64('user:pass')],
    ['user data', `put ${data}`, data.slice(20)],
    ['a script', `put ${base64('#!/bin/sh\necho secretly >/etc/motd\n')}`, 'IyEvYmlu'],
    [
      'a private key, encoded',
      encodeURIComponent(`-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END`),
      CANARY,
    ],
    ['an assertion', `<saml2:Assertion ID="a"><x>${CANARY}</x></saml2:Assertion>`, CANARY],
    ['an assertion in HTML', `&lt;Assertion&gt;${CANARY}&lt;/Assertion&gt;`, CANARY],
  ])('%s: %s', (_, text, secret) => {
    expect(text).toContain(secret);
    expect(maskText(text)).not.toContain(secret);
    expect(findSecrets(text).length).toBeGreaterThan(0);
  });
});

test.each([
  'Basic authentication is required, Basic authorization too',
  "'methods': ['password', 'token']",
  "('password', 'token', 'external')",
  "('token', 'mapped')",
  'Said Authorization: required by the policy',
  '[--os-password <auth-password>] [--os-region-name <auth-region-name>]',
  'resources=DISK_GB%3A1%2CMEMORY_MB%3A64%2CVCPU%3A1',
  'redirect=%2Fdashboard%2Fauth%2Flogin%2F&amp;next=%2Ftokens%2F',
  'password = {{ nova_password }}',
  'AssertionError: expected <Assertions> to hold',
  'I2Nsb is the beginning of a word',
  '"name": "password", "value": "***"',
  'Signature: sha1 is deprecated',
  'password="<*>" and token=<*>',
])('nothing in: %s', (text) => expect(findSecrets(text)).toEqual([]));

test.each([
  'AWSSecretKey',
  'OSPassword',
  'rabbitpassword',
  'accesstoken',
  'clientsecret',
  'SAMLResponse',
  'assertion',
])('%s is the name of a secret', (name) => expect(isSecretName(name)).toBe(true));

test('the words around what was encoded stay', () => {
  expect(maskText('GET /x?path=%3Ftoken%3Dabc-1%26y%3D1 HTTP/1.1')).toBe(
    'GET /x?path=%3Ftoken%3D***%26y%3D1 HTTP/1.1',
  );
  expect(maskText('&quot;password&quot;: &quot;pw 1&quot;, &quot;x&quot;')).toBe(
    '&quot;password&quot;: &quot;***&quot;, &quot;x&quot;',
  );
});

test('in a text of many megabytes as well, on both sides of where it is cut', () => {
  const filler = `${'x'.repeat(1_000)}\n`.repeat(1_500);
  const secret = `token%3D${CANARY}`;
  expect(maskText(`${filler}${secret}\n${filler}${secret}`)).not.toContain(CANARY);
});

test('linear in hostile text: four times the text takes some four times as long', () => {
  const hostile = (times: number): string[] => [
    '%3D'.repeat(times),
    '%25'.repeat(times),
    '&amp;'.repeat(times),
    '&quot;password&quot;: '.repeat(times / 8),
    "('password', ".repeat(times / 4),
    `password='a'b`.repeat(times / 4),
    String.raw`password="a"b\"`.repeat(times / 4),
    '<saml:Assertion '.repeat(times / 4),
    'Basic abcdef '.repeat(times / 4),
    'I2Nsb3VkLWNvbmZpZ'.repeat(times / 4),
    String.raw`\npassword`.repeat(times / 4),
    'a.password --'.repeat(times / 4),
    'AAA'.repeat(times),
    'token: expired '.repeat(times / 8),
    '{"name": "password", "value": '.repeat(times / 8),
  ];
  const taken = (text: string): number => {
    const start = process.cpuUsage().user;
    findSecrets(text);
    return process.cpuUsage().user - start;
  };
  const large = hostile(160_000);
  for (const [index, text] of hostile(40_000).entries()) {
    const small = Math.min(...[1, 2, 3].map(() => taken(text)));
    const four = Math.min(...[1, 2].map(() => taken(large[index] ?? '')));
    // What is quadratic takes sixteen times as long. A fifth of a second is for the clock and for compiling.
    expect(four, text.slice(0, 30)).toBeLessThan(10 * small + 200_000);
  }
});
