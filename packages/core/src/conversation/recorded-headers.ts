import { isSecretName } from '@groundcrew/ground';

/**
 * The headers that are recorded: those that OpenStack and HTTP give a meaning to. Others may be a proxy's own, and hold anything.
 * Not those that belong to the connection, and not the length and the coding, which are those of the bytes on the wire.
 */
export function recordedHeaders(headers: Headers, mask: (text: string) => string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (isSecretName(name)) kept[name] = '***';
    else if (KNOWN.has(name) || OPENSTACK.test(name)) kept[name] = mask(value);
  }
  return kept;
}

/** The values of headers that are secret as a whole, with the password of a `Basic` one. */
export function secretsInHeaders(headers: Headers): string[] {
  const found: string[] = [];
  for (const [name, value] of headers) {
    if (!isSecretName(name)) continue;
    if (name.endsWith('cookie')) {
      found.push(...cookiesIn(value));
      continue;
    }
    const [scheme = '', credential] = value.split(' ', 2);
    found.push(value, ...(credential === undefined ? [] : [credential]));
    if (credential === undefined || !/^basic$/i.test(scheme)) continue;
    const plain = Buffer.from(credential, 'base64').toString();
    found.push(plain.slice(plain.indexOf(':') + 1));
  }
  return found;
}

/** The values of `name=value; …`, and the attributes of a cookie, which are too short or too common to matter. */
const cookiesIn = (value: string): string[] =>
  value
    .split(';', 50)
    .filter((part) => !ATTRIBUTE.test(part))
    .map((part) => part.slice(part.indexOf('=') + 1).trim());
const ATTRIBUTE = /^\s{0,8}(?:expires|max-age|domain|path|samesite|priority|secure|httponly|partitioned)\b/i;

const KNOWN = new Set(
  `accept allow cache-control content-range content-type date etag last-modified link location range retry-after server
  user-agent vary via www-authenticate x-compute-request-id x-trans-id`.split(/\s+/),
);

/** `openstack-api-version`, `x-openstack-request-id`; Swift's and Glance's own. */
const OPENSTACK = /^(?:x-)?openstack-|^x-(?:account|container|object|image)-/;
