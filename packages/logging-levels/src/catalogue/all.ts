import { cinderMessages } from './cinder.ts';
import type { CatalogueEntry } from './entry.ts';
import { glanceMessages } from './glance.ts';
import { glanceStoreMessages } from './glance-store.ts';
import { keystoneMessages } from './keystone.ts';
import { neutronMessages } from './neutron.ts';
import { novaMessages } from './nova.ts';
import { otherMessages } from './others.ts';

/**
 * Messages that OpenStack logs at a level that the specification does not give them, each seen in upstream's source in every
 * release of its range. A message that is not here is not thereby right.
 */
export const messageCatalogue: readonly CatalogueEntry[] = [
  ...glanceStoreMessages,
  ...glanceMessages,
  ...keystoneMessages,
  ...novaMessages,
  ...neutronMessages,
  ...cinderMessages,
  ...otherMessages,
];
