import { singular } from './names.ts';

/** The thing that a request's path names. */
export interface PathTarget {
  readonly type: string;
  readonly id?: string | undefined;
  /** The part after the thing: `action`, `os-interface`, `file`, … */
  readonly rest?: string | undefined;
}

const ID = /^[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$/i;
const VERSION = /^v\d+(?:\.\d+)?$/;
/** Parts of a path that only group collections. */
const SHELVES = new Set(['fwaas', 'vpn', 'qos', 'log', 'sfc', 'bgpvpn', 'lbaas', 'taas', 'OS-KSADM', 'auth']);
/** Words that stand where an id would, and mean the collection. */
const VIEWS = new Set(['detail', 'action', 'summary', 'default', 'defaults', 'get_by_uuid']);

/**
 * Reads the path of a request: `/v2.0/security-group-rules/ID` is a `security_group_rule`. The id of a project that
 * Cinder, and Nova of old, put behind the version is passed over.
 */
export function pathTarget(path: string): PathTarget | undefined {
  const [bare = ''] = path.split(/[?#]/);
  const parts = bare.split('/').filter((part) => part !== '');
  const version = parts.findIndex((part) => VERSION.test(part));
  const rest = parts.slice(version + 1);
  // `''` is no id and no shelf.
  if (ID.test(rest[0] ?? '') && rest.length > 1) rest.shift();
  while (rest.length > 1 && SHELVES.has(rest[0] ?? '')) rest.shift();
  const [collection, id, ...more] = rest;
  if (collection === undefined) return undefined;
  const type = singular(collection);
  if (id === undefined) return { type };
  if (VIEWS.has(id)) return { type, rest: id };
  return { type, id, rest: more.length > 0 ? more.join('/') : undefined };
}
