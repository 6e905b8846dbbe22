import { type Loose, objectIn } from './loose.ts';

// oslo.versionedobjects wraps each object: `nova_object.data`, `masakari_object.data`, `ironic_object.data`.
const DATA = '_object.data';
const NAMESPACE = /^[a-z]+$/;

/** A payload without its wrapping, and whose it was; `undefined` if it has none. */
export function unversioned(
  payload: Loose,
): { readonly namespace: string; readonly body: Loose } | undefined {
  for (const [name, value] of Object.entries(payload)) {
    if (!name.endsWith(DATA)) continue;
    const namespace = name.slice(0, -DATA.length);
    const data = NAMESPACE.test(namespace) ? objectIn(value) : undefined;
    if (data !== undefined) return { namespace, body: flattened(data) };
  }
  return undefined;
}

const flattened = (data: Loose): Loose =>
  Object.fromEntries(Object.entries(data).map(([name, value]) => [name, unwrapped(value)]));

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  const object = objectIn(value);
  return object === undefined ? value : (unversioned(object)?.body ?? value);
}
