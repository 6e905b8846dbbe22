import { createHash } from 'node:crypto';

/** How many fields the key of each algorithm has, its name included (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4). */
const FIELDS: Readonly<Record<string, number>> = {
  'ssh-rsa': 3,
  'ssh-dss': 5,
  'ssh-ed25519': 2,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
};

/**
 * The fingerprint of a public key as `authorized_keys` has it, MD5 of its bytes; `undefined` if it is none. Nova has it from
 * `cryptography`, which reads the key first (nova/crypto.py, `generate_fingerprint`).
 */
export function fingerprintOf(key: string): string | undefined {
  const [, algorithm = '', text = ''] = /^([a-z\d-]+) ([A-Za-z\d+/]+={0,2})(?: [^\n]*)?\n?$/.exec(key) ?? [];
  const blob = Buffer.from(text, 'base64');
  const fields = fieldsOf(blob);
  if (fields?.[0]?.toString('latin1') !== algorithm || fields.length !== FIELDS[algorithm]) return undefined;
  if (algorithm === 'ssh-ed25519' && fields[1]?.length !== 32) return undefined;
  return (createHash('md5').update(blob).digest('hex').match(/../g) ?? []).join(':');
}

/** A public key of Ed25519 as `authorized_keys` has it. */
export function ed25519Key(raw: Uint8Array, comment: string): string {
  const name = 'ssh-ed25519';
  const blob = Buffer.concat([Buffer.from(name), raw].flatMap((field) => [lengthOf(field), field]));
  return `${name} ${blob.toString('base64')} ${comment}`;
}

function lengthOf({ length }: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

/** Fields of four bytes of length and so many bytes; `undefined` unless they are all that there is. */
function fieldsOf(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
