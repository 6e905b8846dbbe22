// The shapes are those of SQLAlchemy's and kombu's URLs, RFC 7468 (PEM), 7617 and 6750 (Basic, Bearer), of Keystone's Fernet tokens and
// JWS, of Ceph's keys (`ceph-authtool`), of cloud-init's user data, of crypt(3), and of what Heat and Swift sign.
import { base64, BEFORE_IN_BASE64, type Canary, inHtml, inPython, inUrl, lettersOf } from './canary.ts';

const url64 = (text: string): string => Buffer.from(text).toString('base64url');

/** A text with the secret in it. */
type Shape = (word: string) => string;

const { basic, claim, script, userData } = BEFORE_IN_BASE64;

const SHAPES: Readonly<Record<string, Shape>> = {
  'the connection of MySQL': (word) => `mysql+pymysql://nova:${word}@db/nova?charset=utf8`,
  'the connection of PostgreSQL': (word) => `postgresql://keystone:${word}@10.0.0.7:5432/keystone`,
  'the connection of MongoDB': (word) => `mongodb://ceilometer:${word}@[::1]:27017/ceilometer`,
  'Redis without a user': (word) => `redis://:${word}@cache:6379/0`,
  AMQP: (word) => `amqp://nova:${word}@mq.example:5672//`,
  'the transport of two brokers': (word) => `rabbit://nova:${word}@mq-1:5672,nova:${word}@mq-2:5672//`,
  memcached: (word) => `memcached://user:${word}@cache:11211`,
  'userinfo of HTTP': (word) => `https://deploy:${word}@git.example/x.git`,
  'a location of Swift': (word) => `swift+https://services%3Aglance:${word}@keystone/v2.0/images/1`,
  'words in brackets': (word) => `mysql://nova:(${word})x@db/nova`,
  'a comma in it': (word) => `mysql://nova:a,${word}@db/nova`,
  'a slash in it': (word) => `amqp://nova:a/${word}@mq/`,
  Bearer: (word) => `Sent Bearer ${word}0123456789 to it`,
  Basic: (word) => `Sent Basic ${base64(`${basic}${word}`)} to it`,
  'Authorization in a line': (word) =>
    `REQ: curl -X GET -H "Authorization: Basic ${base64(`${basic}${word}`)}" http://x/`,
  'a Fernet token': (word) => `Validating gAAAAABk9-Zx_0123456789${word}abcdefghij now`,
  'a JSON web token': (word) =>
    `Validating ${url64('{"alg":"ES256"}')}.${url64(`${claim}${word}"}`)}.c2lnbmF0dXJl now`,
  'a console token in a path': (word) => `GET /v2.1/os-console-auth-tokens/3dfcd011-${word} HTTP/1.1`,
  'a token of Keystone v2.0 in a path': (word) => `GET /v2.0/tokens/0123456789${word} HTTP/1.1`,
  'a console token in a query': (word) => `http://10.0.0.7:6080/vnc_auto.html?token=3dfcd011-${word}`,
  'a console token in a path of a query': (word) =>
    `http://10.0.0.7:6080/vnc_lite.html?path=%3Ftoken%3D3dfcd011-${word}`,
  'a webhook of Heat': (word) =>
    `POST http://heat:8000/v1/signal/arn%3Aopenstack%3Aheat%3A%3Aa?SignatureMethod=HmacSHA256&AWSAccessKeyId=a1&SignatureVersion=2&Signature=${word}%2Fb8%3D`,
  'a temporary URL of Swift': (word) => `GET /v1/AUTH_a/c/o?temp_url_sig=${word}&temp_url_expires=1 HTTP/1.1`,
  'a URL that S3 signed': (word) =>
    `GET /b/o?X-Amz-Credential=AK${word}&X-Amz-Expires=60&X-Amz-Signature=${word} HTTP/1.1`,
  'a key in one line': (word) =>
    String.raw`-----BEGIN RSA PRIVATE KEY-----\nMIIEow${word}\n-----END RSA PRIVATE KEY-----`,
  'a key in several lines': (word) =>
    `-----BEGIN PRIVATE KEY-----\nMIIEow\nabc${word}\ndef${word}\n-----END PRIVATE KEY-----`,
  'a key of SSH': (word) =>
    `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk${word}\n-----END OPENSSH PRIVATE KEY-----`,
  'a key that was cut off': (word) => `-----BEGIN EC PRIVATE KEY-----\nMHcCAQ${word}\nmore${word}`,
  'a keyring of Ceph': (word) => `[client.cinder]\n\tkey = AQ${word}${'Bb1'.repeat(12).slice(word.length)}==`,
  'user data': (word) => `Injecting ${base64(`${userData}${word}}\n`)}`,
  'a script of user data': (word) => `Injecting ${base64(`${script}${word} | chpasswd\n`)}`,
  'a hash of a password': (word) => `usermod -p $6$rounds5000$${word}efghijklmnop demo`,
  'an assertion of SAML': (word) =>
    `<saml2:Assertion ID="a1"><ds:SignatureValue>${word}</ds:SignatureValue></saml2:Assertion>`,
  'the payload of Barbican': (word) => JSON.stringify({ secret_type: 'opaque', payload: word }),
  'a credential of EC2': (word) =>
    JSON.stringify({ type: 'ec2', blob: `{"access": "a", "secret": "${word}"}` }),
  'a passcode of TOTP': (word) => JSON.stringify({ totp: { user: { id: 'a', passcode: `123456${word}` } } }),
  'an application credential': (word) =>
    JSON.stringify({ auth: { application_credential: { id: 'a', secret: word } } }),
  'CHAP, as Cinder hands it on': (word) =>
    `{'driver_volume_type': 'iscsi', 'data': {'auth_method': 'CHAP', 'auth_username': 'u', 'auth_password': '${word}'}}`,
  'CHAP, as a command': (word) =>
    `iscsiadm -m node -T iqn.2010-10.org.openstack:volume-1 -p 10.0.0.7:3260 --op update -n node.session.auth.password -v ${word}`,
  'CHAP, as arguments': (word) =>
    `('iscsiadm', '-m', 'node', '--op', 'update', '-n', 'node.session.auth.password', '-v', '${word}')`,
  'a list of passwords': (word) => JSON.stringify({ passwords: [word, `x${word}`] }),
};

/** What a text becomes when another program writes it down. */
const WRAPPED: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'in single quotes': (text) => `x='${inPython(text)}'`,
  'in JSON': (text) => JSON.stringify({ x: text }),
  'in JSON in JSON': (text) => JSON.stringify({ y: JSON.stringify({ x: text }) }),
  'in a URL': (text) => `GET /x?next=${inUrl(text)} HTTP/1.1`,
  'in HTML': inHtml,
  'as bytes of Python': (text) => `b'${inPython(text)}'`,
};

const WORDS: readonly string[] = ['c4n4ry', 'zanzi'];

/** Every shape, as it is and as others write it down. */
export function shapedCanaries(): Canary[] {
  let index = 0;
  return Object.entries(SHAPES).flatMap(([kind, shape]) =>
    Object.entries(WRAPPED).flatMap(([how, wrapped]) =>
      WORDS.map((word): Canary => {
        index += 1;
        const own = `${word}${lettersOf(index)}`;
        return { what: `${kind}, ${word}, ${how}`, text: wrapped(shape(own)) };
      }),
    ),
  );
}
