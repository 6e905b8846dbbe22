import { gzipSync } from 'node:zlib';
import type { Answer } from './answer.ts';
import { isRecord, type Json } from './wire.ts';

/**
 * The kinds of answers that look like success and are wrong. Each was seen in a public report about some cloud, gateway or
 * proxy.
 *
 * - `empty`, `no-content`, `null`, `empty-object`: nothing where a body should be; 200, 204 and 200 with that JSON.
 * - `null-list`, `number-list`: `{"servers": null}`, `{"servers": 5}`; of one thing, `{"server": null}`.
 * - `null-element`, `other-types`: a `null` among the elements; every field of every element of another type.
 * - `half`: half of the list, and no sign of the rest. No client can tell it from a small cloud.
 * - `page-loop`: the list, and a link to its next page that leads to itself.
 * - `cut-off`: the first half of the JSON text.
 * - `stripped`: the fields that identify an element, and none that policy may withhold.
 * - `down-cell`: the stub with `status: UNKNOWN` that Nova answers since 2.69 for a cell that does not respond.
 * - `huge-html`: 502 with 200 KB of `<` in HTML.
 * - `deep`: 500, and a fault whose message is nested 50,000 deep.
 * - `bomb`: 128 MiB of blanks, compressed to 128 KiB.
 * - `control-characters`: names that clear the terminal, turn the text around, and hold a NUL and half of a surrogate pair.
 */
export const oddAnswers = [
  'empty',
  'no-content',
  'null',
  'empty-object',
  'null-list',
  'number-list',
  'null-element',
  'other-types',
  'half',
  'page-loop',
  'cut-off',
  'stripped',
  'down-cell',
  'huge-html',
  'deep',
  'bomb',
  'control-characters',
] as const;

export type OddAnswer = (typeof oddAnswers)[number];

const JSON_TYPE = { 'Content-Type': 'application/json' };

/**
 * Makes an odd answer of a good one. A refusal and raw data stay as they are.
 *
 * @param self - the request's own address, for links
 */
export function distort(answer: Answer, odd: OddAnswer, self: string): Answer {
  const { body, headers } = answer;
  if (!isRecord(body) || answer.status >= 300) return answer;
  const raw = (status: number, text: string, type: Readonly<Record<string, string>> = JSON_TYPE): Answer => ({
    status,
    raw: text,
    headers: { ...headers, ...type },
  });
  switch (odd) {
    case 'empty':
      return raw(200, '');
    case 'no-content':
      return { status: 204, ...(headers && { headers }) };
    case 'null':
      return raw(200, 'null');
    case 'cut-off': {
      const text = JSON.stringify(body);
      return raw(200, text.slice(0, Math.ceil(text.length / 2)));
    }
    case 'huge-html':
      return raw(502, `<html><title>502</title>${'<'.repeat(200_000)}`, { 'Content-Type': 'text/html' });
    case 'deep':
      return raw(500, `{"error_message":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    case 'bomb':
      return {
        status: 200,
        raw: (bomb ??= gzipSync(Buffer.alloc(128 * 1024 * 1024, ' '))),
        headers: { ...headers, ...JSON_TYPE, 'Content-Encoding': 'gzip' },
      };
    default:
      return { status: 200, body: distortBody(body, odd, self), ...(headers && { headers }) };
  }
}

/** The kinds of odd answers that are no JSON objects. */
type OddText = 'empty' | 'no-content' | 'null' | 'cut-off' | 'huge-html' | 'deep' | 'bomb';

function distortBody(body: Json, odd: Exclude<OddAnswer, OddText>, self: string): Json {
  switch (odd) {
    case 'empty-object':
      return {};
    case 'null-list':
      return eachMember(body, () => null);
    case 'number-list':
      return eachMember(body, () => 5);
    case 'null-element':
      return eachMember(body, (member) => (Array.isArray(member) ? [null, ...member] : null));
    case 'other-types':
      return eachElement(body, (element) => mapFields(element, otherType));
    case 'half':
      return withoutLinks(eachMember(body, half));
    case 'page-loop':
      return loop(body, self);
    case 'stripped':
      return eachElement(body, identityOf);
    case 'down-cell':
      return eachElement(body, stubOf);
    case 'control-characters':
      return eachElement(body, unruly);
  }
}

let bomb: Uint8Array<ArrayBuffer> | undefined;

/** The members of an answer that are not its payload. */
const ASIDE = /_links$|^(?:links|first|next|previous|schema|count|truncated|resource_provider_generation)$/;

/** Changes what is in the envelope of an answer; in an answer without an envelope (Glance's images), each field. */
const eachMember = (body: Json, change: (member: unknown) => unknown): Json =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, ASIDE.test(key) ? value : change(value)]),
  );

/** Changes each element of the list that an answer holds, or the one resource. */
function eachElement(body: Json, change: (element: Json) => Json): Json {
  const payload = Object.keys(body).filter((key) => !ASIDE.test(key));
  const changeRecord = (value: unknown): unknown => (isRecord(value) ? change(value) : value);
  // More than one member, and no envelope is left.
  if (payload.length > 1 && !payload.some((key) => Array.isArray(body[key]) && isRecord(body[key][0])))
    return change(body);
  return eachMember(body, (member) =>
    Array.isArray(member) ? member.map(changeRecord) : changeRecord(member),
  );
}

const mapFields = (element: Json, change: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(element).map(([name, value]) => [name, change(value)]));

/** A value of a type that the field does not have in any release. */
function otherType(value: unknown): unknown {
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'number' || typeof value === 'boolean') return [value];
  return value === null ? { nothing: true } : 'text';
}

const half = (member: unknown): unknown =>
  Array.isArray(member) ? member.slice(0, Math.floor(member.length / 2)) : member;

const withoutLinks = (body: Json): Json =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !ASIDE.test(key)));

/**
 * Adds a link to the next page in the format of the service: that of Nova, Neutron and Cinder, of Keystone, or of
 * Glance.
 */
function loop(body: Json, self: string): Json {
  const name = Object.keys(body).find((key) => Array.isArray(body[key]) && !ASIDE.test(key));
  if (name === undefined) return body;
  if ('schema' in body) return { ...body, next: self };
  if (isRecord(body['links'])) return { ...body, links: { ...body['links'], next: self } };
  return { ...body, [`${name}_links`]: [{ rel: 'next', href: self }] };
}

const IDENTITY = new Set([
  'id',
  'uuid',
  'name',
  'project_id',
  'tenant_id',
  'binary',
  'host',
  'hypervisor_hostname',
]);

const identityOf = (element: Json): Json =>
  Object.fromEntries(Object.entries(element).filter(([name]) => IDENTITY.has(name)));

/** The view of a server or service in a down cell (`nova/api/openstack/compute/views/servers.py` and `services.py`). */
const stubOf = (element: Json): Json => ({
  ...Object.fromEntries(
    Object.entries(element).filter(([name]) =>
      ['id', 'tenant_id', 'project_id', 'created', 'links', 'binary', 'host', 'name'].includes(name),
    ),
  ),
  status: 'UNKNOWN',
});

const unruly = (element: Json): Json =>
  Object.fromEntries(
    Object.entries(element).map(([name, value]) => [
      name,
      ['name', 'description', 'disabled_reason', 'fault'].includes(name) && typeof value === 'string'
        ? `${value}\u001B[2J\u001B]0;title\u0007\u0000\u202E\uD800`
        : value,
    ]),
  );
