import type { BreakableService } from './known-break.ts';

const NAMES: Readonly<Record<BreakableService, readonly string[]>> = {
  'block-storage': ['cinder', 'volume', 'volumev2', 'volumev3'],
  compute: ['nova'],
  identity: ['keystone'],
  image: ['glance'],
  network: ['neutron'],
  placement: [],
  'shared-file-system': ['manila', 'share', 'sharev2'],
};

const TYPES = new Map(
  Object.entries(NAMES).flatMap(([type, names]) =>
    [type, ...names].map((name) => [name, type as BreakableService]),
  ),
);

/** The type of a service that is called by it, by an older type, by its project, or as recorded conversations do: `blockStorage`. */
export const serviceType = (name: string): BreakableService | undefined =>
  TYPES.get(name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
