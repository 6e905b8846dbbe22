import { compareMicroversions } from '@groundcrew/core';
import type { Json } from '@groundcrew/runbook';
import { FLOOR } from '../point/read-lists.ts';
import type { PointKind, Wire } from '../point/tenant-point.ts';
import { objectOf, textOf, textsIn } from '../point/wire.ts';
import { called, type Planning } from './planning.ts';
import type { RestoreTarget } from './read-target.ts';

/** Whether the target's Nova knows this microversion. */
export const knows = ({ microversions }: RestoreTarget, version: string): boolean =>
  compareMicroversions(microversions.compute ?? FLOOR.compute, version) >= 0;

/** A field that not every release takes. */
interface Field {
  readonly kind: PointKind;
  readonly field: string;
  /** Whether a thing has it. */
  readonly isSet: (wire: Wire) => boolean;
  readonly since: Since;
}

/** What the target must have: a microversion of Nova, or an extension of Neutron. */
type Since = { readonly compute: string } | { readonly extension: string };

/** Whether a field has something in it that would be lost. */
type Test = (value: Json | undefined) => boolean;

const isText: Test = (value) => textOf(value) !== undefined;
const isList: Test = (value) => Array.isArray(value) && value.length > 0;
const isFalse: Test = (value) => value === false;
const isFull: Test = (value) => Object.keys(objectOf(value) ?? {}).length > 0;

const row = (kind: PointKind, field: string, test: Test, since: Since): Field => ({
  kind,
  field,
  isSet: (wire) => test(wire[field]),
  since,
});
const nova = (kind: PointKind, field: string, test: Test, compute: string): Field =>
  row(kind, field, test, { compute });
const neutron = (kind: PointKind, field: string, test: Test, extension: string): Field =>
  row(kind, field, test, { extension });

const SOFT = new Set(['soft-affinity', 'soft-anti-affinity']);

/** Fields without which the thing would be another one. */
const VITAL = new Set(['policy', 'type']);

const FIELDS: readonly Field[] = [
  nova('server', 'description', isText, '2.19'),
  nova('server', 'tags', isList, '2.52'),
  nova('server-group', 'rules', isFull, '2.64'),
  nova('keypair', 'type', (value) => value === 'x509', '2.2'),
  {
    kind: 'server-group',
    field: 'policy',
    // One policy since 2.64, and a list of one before.
    isSet: (wire) => SOFT.has(textOf(wire['policy']) ?? textsIn(wire['policies'])[0] ?? ''),
    since: { compute: '2.15' },
  },
  neutron('security-group', 'stateful', isFalse, 'stateful-security-group'),
  neutron('network', 'port_security_enabled', isFalse, 'port-security'),
  neutron('network', 'dns_domain', isText, 'dns-integration'),
  neutron('port', 'port_security_enabled', isFalse, 'port-security'),
  neutron('port', 'allowed_address_pairs', isList, 'allowed-address-pairs'),
  neutron('port', 'extra_dhcp_opts', isList, 'extra_dhcp_opt'),
  neutron('port', 'dns_name', isText, 'dns-integration'),
  neutron('subnet', 'service_types', isList, 'subnet-service-types'),
  neutron('router', 'routes', isList, 'extraroute'),
];

/** Refuses fields that the target does not know, unless the mapping says that they may be lost. */
export function refuseOlder(planning: Planning): void {
  const { target } = planning;
  const extensions = new Set(target.extensions.value);
  for (const { kind, field, isSet, since } of FIELDS) {
    const there = 'compute' in since ? knows(target, since.compute) : extensions.has(since.extension);
    if (there) continue;
    const isVital = VITAL.has(field);
    const needed =
      'compute' in since ? `microversion ${since.compute} of Nova` : `Neutron's extension ${since.extension}`;
    for (const resource of planning.of(kind)) {
      if (!isSet(resource.wire)) continue;
      if (!isVital && planning.mayLose(field)) {
        planning.lost.set(kind, (planning.lost.get(kind) ?? new Set()).add(field));
        planning.warnings.push(`${called(resource)} is restored without its ${field}`);
      } else
        planning.refuse(
          'older-release',
          resource,
          `${called(resource)} has ${field}, which takes ${needed}, and the target does not have it`,
          isVital
            ? 'Restore into a newer release.'
            : `Restore into a newer release, or without it: without: ['${field}'].`,
        );
    }
  }
}
