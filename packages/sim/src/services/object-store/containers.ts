import type { Answer } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { accountOf, containerOf, nameIn, openAccount } from './access.ts';
import { entriesOf, formatOf, listAnswer } from './listing.ts';
import { lastModified, merge, metadataHeaders, momentOf, timestamp } from './metadata.ts';
import { Container, type StoredObject } from './state.ts';
import { because, page, refusal } from './swob.ts';

/** The one storage policy that there is. */
const POLICY = 'Policy-0';

export const containerRoutes: Routes = {
  'HEAD {container}': (call): Answer => ({
    status: 204,
    headers: { ...headersOf(containerOf(call)), 'Content-Type': `${formatOf(call)}; charset=utf-8` },
  }),
  'GET {container}': (call) => {
    const container = containerOf(call);
    const view = (name: string) => objectView(container.get(name) as StoredObject);
    return listAnswer(call, entriesOf(call, container.names), view, headersOf(container));
  },
  'PUT {container}': (call) => {
    const name = nameIn(call, 'container');
    const length = Buffer.byteLength(name);
    if (length > 256)
      throw because(400, `Container name length of ${length} longer than 256`, 'text/html; charset=UTF-8');
    requireQuotas(call);
    const policy = call.request.headers.get('X-Storage-Policy') ?? '';
    if (policy !== '' && policy.toLowerCase() !== POLICY.toLowerCase())
      throw because(400, `Invalid X-Storage-Policy '${policy}'`);
    const { containers } = openAccount(call);
    const known = containers.get(name);
    const container = known ?? new Container(name, POLICY, call.now);
    set(call, container);
    containers.set(name, container);
    return known === undefined ? { status: 201 } : page(202);
  },
  'POST {container}': (call) => {
    const container = containerOf(call);
    requireQuotas(call);
    set(call, container);
    return { status: 204 };
  },
  'DELETE {container}': (call) => {
    const container = containerOf(call);
    if (container.size > 0) throw refusal(409);
    accountOf(call).containers.delete(container.name);
    return { status: 204 };
  },
};

/** `swift/common/middleware/container_quotas.py` */
function requireQuotas({ request: { headers } }: Call): void {
  for (const kind of ['bytes', 'count']) {
    const given = headers.get(`X-Container-Meta-Quota-${kind}`) ?? '';
    if (given !== '' && !/^\d+$/.test(given))
      throw because(400, `Invalid ${kind} quota.`, 'text/html; charset=UTF-8');
  }
}

function set(call: Call, container: Container): void {
  merge(call, 'Container', container.metadata);
  for (const name of ['x-container-read', 'x-container-write']) {
    const given = call.request.headers.get(name);
    const isRemoved = call.request.headers.has(name.replace(/^x-/, 'x-remove-'));
    if (given === '' || isRemoved) delete container.settings[name];
    else if (given !== null) container.settings[name] = given;
  }
  container.changed = call.now;
}

const headersOf = (container: Container): Record<string, string> => ({
  'X-Container-Object-Count': String(container.size),
  'X-Container-Bytes-Used': String(container.bytes),
  'X-Timestamp': timestamp(container.created),
  'Last-Modified': lastModified(container.changed),
  'X-Storage-Policy': container.policy,
  ...container.settings,
  ...metadataHeaders('Container', container.metadata),
});

const objectView = (object: StoredObject) => ({
  bytes: object.bytes.size,
  hash: object.etag,
  name: object.name,
  content_type: object.content_type,
  last_modified: momentOf(object.written),
});
