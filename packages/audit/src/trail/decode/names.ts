import { entryOf } from './loose.ts';

/** Services by the names that events have for them, and by what the service types authority calls them. */
const services: Readonly<Record<string, string>> = {
  nova: 'compute',
  compute: 'compute',
  instance: 'compute',
  neutron: 'network',
  network: 'network',
  cinder: 'block-storage',
  cinderv3: 'block-storage',
  volume: 'block-storage',
  storage: 'block-storage',
  glance: 'image',
  image: 'image',
  keystone: 'identity',
  identity: 'identity',
  security: 'identity',
  placement: 'placement',
  heat: 'orchestration',
  octavia: 'load-balancer',
  swift: 'object-store',
  manila: 'shared-file-system',
  barbican: 'key-manager',
  designate: 'dns',
  masakari: 'instance-ha',
  ironic: 'baremetal',
  baremetal: 'baremetal',
};

export const serviceOf = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : (entryOf(services, name.toLowerCase()) ?? name);

const irregular: Readonly<Record<string, string>> = {
  'os-quota-sets': 'quota_set',
  os_quota_sets: 'quota_set',
  chassis: 'chassis',
  qos: 'qos',
  status: 'status',
  instance: 'server',
  snapshot: 'snapshot',
};

/** One of a collection, as the API names it: `security-group-rules` is `security_group_rule`, `os-services` `service`. */
export function singular(collection: string): string {
  const known = entryOf(irregular, collection);
  if (known !== undefined) return known;
  const name = collection.toLowerCase().replace(/^os-/, '').replaceAll('-', '_');
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(?:ss|sh|x)es$/.test(name)) return name.slice(0, -2);
  return name.endsWith('s') && !name.endsWith('ss') ? name.slice(0, -1) : name;
}

const verbs: Readonly<Record<string, string>> = {
  created: 'create',
  updated: 'update',
  deleted: 'delete',
  disabled: 'disable',
  enabled: 'enable',
  added: 'add',
  removed: 'remove',
  changed: 'change',
  read: 'read',
  'read/list': 'list',
};

/** A verb in the API's words: `created.user` is `create`, `read/list` `list`, `update/os-stop` `os-stop`. */
export function verbOf(action: string): string {
  const [first = action] = action.split('.');
  const known = entryOf(verbs, action) ?? entryOf(verbs, first);
  if (known !== undefined) return known;
  const slash = first.indexOf('/');
  return slash === -1 ? first : first.slice(slash + 1);
}
