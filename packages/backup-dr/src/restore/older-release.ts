import { compareMicroversions } from '@groundcrew/core';
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
  /** Whether the thing has it. */
  readonly isSet: (wire: Wire) => boolean;
  /** What the target must have: a microversion of Nova, or an extension of Neutron. */
  readonly since: { readonly compute: string } | { readonly extension: string };
}

const isText = (field: string) => (wire: Wire) => textOf(wire[field]) !== undefined;
const isList = (field: string) => (wire: Wire) => {
  const value = wire[field];
  return Array.isArray(value) && value.length > 0;
};
const isFalse = (field: string) => (wire: Wire) => wire[field] === false;

const SOFT = new Set(['soft-affinity', 'soft-anti-affinity']);

/** Fields without which the thing would be another one. */
const VITAL = new Set(['policy', 'type']);

const FIELDS: readonly Field[] = [
  { kind: 'server', field: 'description', isSet: isText('description'), since: { compute: '2.19' } },
  { kind: 'server', field: 'tags', isSet: isList('tags'), since: { compute: '2.52' } },
  {
    kind: 'server-group',
    field: 'policy',
    isSet: (wire) => SOFT.has(textOf(wire['policy']) ?? textsIn(wire['policies'])[0] ?? ''),
    since: { compute: '2.15' },
  },
  {
    kind: 'server-group',
    field: 'rules',
    isSet: (wire) => Object.keys(objectOf(wire['rules']) ?? {}).length > 0,
    since: { compute: '2.64' },
  },
  {
    kind: 'keypair',
    field: 'type',
    isSet: (wire) => textOf(wire['type']) === 'x509',
    since: { compute: '2.2' },
  },
  {
    kind: 'security-group',
    field: 'stateful',
    isSet: isFalse('stateful'),
    since: { extension: 'stateful-security-group' },
  },
  ...(['network', 'port'] as const).map((kind) => ({
    kind,
    field: 'port_security_enabled',
    isSet: isFalse('port_security_enabled'),
    since: { extension: 'port-security' },
  })),
  {
    kind: 'port',
    field: 'allowed_address_pairs',
    isSet: isList('allowed_address_pairs'),
    since: { extension: 'allowed-address-pairs' },
  },
  {
    kind: 'port',
    field: 'extra_dhcp_opts',
    isSet: isList('extra_dhcp_opts'),
    since: { extension: 'extra_dhcp_opt' },
  },
  { kind: 'port', field: 'dns_name', isSet: isText('dns_name'), since: { extension: 'dns-integration' } },
  {
    kind: 'network',
    field: 'dns_domain',
    isSet: isText('dns_domain'),
    since: { extension: 'dns-integration' },
  },
  {
    kind: 'subnet',
    field: 'service_types',
    isSet: isList('service_types'),
    since: { extension: 'subnet-service-types' },
  },
  { kind: 'router', field: 'routes', isSet: isList('routes'), since: { extension: 'extraroute' } },
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
