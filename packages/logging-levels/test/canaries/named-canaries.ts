// The names are those of oslo.utils' `_SANITIZE_KEYS`, of the options of Nova, Neutron, Cinder, Glance, Heat, Ironic and keystoneauth, of
// the bodies and headers of the APIs, and of what stands beside them (Swift, S3, Ceph, open-iscsi, SAML).
import { type Canary, inHtml, inJson, inPython, inUrl, lettersOf } from './canary.ts';

const NAMES: readonly string[] =
  `password passwd adminPass admin_pass admin_password auth_password user_password
  original_password new_pass sys_pswd os_password application_credential_secret client_secret metadata_proxy_shared_secret
  X-Auth-Token X-Subject-Token X-Service-Token auth_token token passcode secret secret_key aws_secret_access_key
  s3_store_secret_key AWSSecretKey temp_url_key X-Account-Meta-Temp-URL-Key-2 temp_url_sig user_data OS-EXT-SRV-ATTR:user_data
  private_key rbd_keyring keyring memcache_secret_key auth_encryption_key chappassword node.session.auth.password ipmi_password
  snmp_auth_protocol_password rabbitpassword psk api_key Set-Cookie SAMLResponse database.password`.split(
    /\s+/,
  );

type Encoded = (name: string, value: string) => string;

/** Each way in which a log may have a name and a value. */
const ENCODINGS: Readonly<Record<string, Encoded>> = {
  plain: (name, value) => `${name} = ${value}`,
  assigned: (name, value) => `user=demo ${name}=${value} host=db`,
  'in columns': (name, value) => `${name.padEnd(30)} = ${value}`,
  'in single quotes': (name, value) => `${name}='${inPython(value)}'`,
  'in double quotes': (name, value) => `${name}="${inJson(value)}"`,
  'a header of curl': (name, value) => `REQ: curl -g -i -H "${name}: ${inJson(value)}" http://nova/`,
  'a dictionary of Python': (name, value) => `{'a': 1, '${name}': '${inPython(value)}', 'b': 2}`,
  'a dictionary of Python 2': (name, value) => `{u'a': 1, u'${name}': u'${inPython(value)}', u'b': 2}`,
  'a pair of Python': (name, value) => `[('Accept', 'x'), ('${name}', '${inPython(value)}')]`,
  'arguments of Python': (name, value) => `Namespace(passcode='', x=None, ${name}='${inPython(value)}')`,
  JSON: (name, value) => JSON.stringify({ a: { [name]: value, b: 2 } }),
  'JSON in JSON': (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value, b: 2 }) }),
  'JSON in JSON in JSON': (name, value) =>
    JSON.stringify({ x: JSON.stringify({ body: JSON.stringify({ [name]: value }) }) }),
  'JSON with escaped quotes': (name, value) =>
    String.raw`{\u0022${name}\u0022:\u0022${value.replaceAll('"', String.raw`\u0022`)}\u0022}`,
  'a query': (name, value) => `GET /x?a=1&${name}=${inUrl(value)}&b=2 HTTP/1.1`,
  'an encoded query': (name, value) => `GET /vnc_auto.html?path=${inUrl(`?${name}=${value}&b=2`)} HTTP/1.1`,
  'an encoded body': (name, value) => inUrl(JSON.stringify({ a: 1, [name]: value })),
  'bytes of Python': (name, value) => `b'a=1&${name}=${inPython(value)}&b=2'`,
  'bytes of Python with JSON': (name, value) => `b'{"${name}": "${inJson(value)}"}'`,
  HTML: (name, value) => inHtml(`{'${name}': "${value}"}`),
  XML: (name, value) => `<x><${name.replaceAll(':', '_')}>${value}</${name.replaceAll(':', '_')}></x>`,
  'behind an escaped line feed': (name, value) =>
    String.raw`{"x": "[DEFAULT]\n${name} = ${inJson(value)}\n"}`,
  'an option of a command': (name, value) =>
    `openstack --${name.replaceAll(/[_:]/g, '-')} ${value} server list`,
  'arguments of a command': (name, value) =>
    `Running cmd: ['x', '--${name.replaceAll(/[_:]/g, '-')}', '${inPython(value)}', 'y']`,
  'a name and a value': (name, value) => JSON.stringify([{ name, value }]),
  'in the line below': (name, value) => `{'a': 1,\n '${name}':\n     '${inPython(value)}',\n 'b': 2}`,
};

/** What a secret may be, beside a word with a digit; each is tried with some of the names. */
const VALUES: Readonly<Record<string, string>> = {
  'a word of letters': 'zanzibar',
  'a short one': 'Qz9',
  'letters of another script': 'пароль',
  'quotes in it': `krax"qwen'zork`,
  'an equals sign, an ampersand and a percent sign in it': 'krax=qwen%zork&7',
  'a colon and a slash in it': 'krax:qwen/zork7',
};
const SOME_NAMES = ['password', 'X-Auth-Token', 'client_secret', 'adminPass'];

/** Quotes, and the marks of the form around it, end what has no quotes itself. */
const ENDED: Readonly<Record<string, RegExp>> = {
  assigned: /["'<]/,
  plain: /["'<]/,
  'in columns': /["'<]/,
  'an option of a command': /["'<]/,
  'bytes of Python': /["'&]/,
  'an encoded query': /["'&]/,
  'a header of curl': /["']/,
  'behind an escaped line feed': /["']/,
  // XML writes these otherwise.
  XML: /[&<]/,
};

/** Every name in every encoding, and some of them with every value. */
export function namedCanaries(): Canary[] {
  const all = NAMES.map((name) => ({ name, kind: 'a word with a digit', word: 'c4n4ry' }));
  const some = Object.entries(VALUES).flatMap(([kind, word]) =>
    SOME_NAMES.map((name) => ({ name, kind, word })),
  );
  let index = 0;
  return [...all, ...some].flatMap(({ name, kind, word }) =>
    Object.entries(ENCODINGS).flatMap(([encoding, encoded]): Canary[] => {
      index += 1;
      const value = `${word}${lettersOf(index)}`;
      if (ENDED[encoding]?.test(value)) return [];
      return [{ what: `${name}, ${kind}, ${encoding}`, text: encoded(name, value) }];
    }),
  );
}
