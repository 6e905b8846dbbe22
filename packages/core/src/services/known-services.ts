import { officialType } from './service-types.ts';
import { type ServiceFacts, SERVICES } from './service-facts.ts';

/**
 * Facts about services that have no records yet: enough to find them, to tell their versions, and to send them
 * raw requests in a microversion.
 */
const others: readonly ServiceFacts[] = [
  { name: 'orchestration', type: 'orchestration', major: 'v1' },
  { name: 'keyManager', type: 'key-manager', major: 'v1' },
  { name: 'metric', type: 'metric', major: 'v1' },
  { name: 'alarm', type: 'alarm', major: 'v2' },
  { name: 'dns', type: 'dns', major: 'v2' },
  {
    name: 'sharedFileSystem',
    type: 'shared-file-system',
    major: 'v2',
    microversion: { floor: '2.0', name: 'shared-file-system', legacy: 'X-OpenStack-Manila-API-Version' },
  },
  {
    name: 'baremetal',
    type: 'baremetal',
    major: 'v1',
    microversion: { floor: '1.1', name: 'baremetal', legacy: 'X-OpenStack-Ironic-API-Version' },
  },
];

/** The facts of a service by its type or an alias; `undefined` if it is not known at all. */
export function knownService(type: string): ServiceFacts | undefined {
  const official = officialType(type);
  return [...Object.values(SERVICES), ...others].find((known) => known.type === official);
}
