import { visible } from '@groundcrew/ground';
import { action } from '@groundcrew/runbook';
import { z } from 'zod';

/** What is made new, one step each. Rules, interfaces and bytes have actions of their own. */
const madeKinds = [
  'image',
  'container',
  'keypair',
  'server-group',
  'security-group',
  'network',
  'subnet',
  'router',
  'port',
  'volume',
  'server',
  'floating-ip',
] as const;
export type MadeKind = (typeof madeKinds)[number];

/** Something that is there already, or will be once its step is done. */
const Ref = z.union([z.strictObject({ id: z.string() }), z.strictObject({ step: z.string() })]);
export type Ref = z.output<typeof Ref>;

/** A place in a body that holds the id which a step gave. */
const Slot = z.strictObject({ at: z.array(z.union([z.string(), z.int()])).min(1), step: z.string() });
export type Slot = z.output<typeof Slot>;

const body = z.record(z.string(), z.json());
/** Kept bytes. */
const Bytes = z.strictObject({
  repository: z.string(),
  stream: z.string(),
  size: z.int(),
  sha256: z.string().optional(),
});
const named = { name: z.string(), project: z.string() };

/** Other people's names in one line that a person reads, also those that are empty. */
const called = (name: string): string => (name === '' ? 'without a name' : visible(name));

/** Makes one thing, with the run and the step written on it; ends when it is ready for use. */
export const createResource = action({
  name: 'backup-dr.create',
  title: ({ kind, name }) => `Create ${kind} ${called(name)}`,
  input: z.strictObject({
    ...named,
    kind: z.enum(madeKinds),
    /** The fields as its service takes them. */
    body,
    slots: z.array(Slot),
    /** Tags and the description that it has at the end, where the service keeps them (Neutron). */
    tags: z.array(z.string()).optional(),
    description: z.string().optional(),
    /** Of a volume: whether servers boot from it, and the properties of the image that it was made from. */
    bootable: z.boolean().optional(),
    image_metadata: z.record(z.string(), z.string()).optional(),
    /** Of a server group, which cannot be written on: ids of those of its name that were there before. */
    before: z.array(z.string()).optional(),
    /** Of a server group: the steps that make others of its name before it. */
    others: z.array(z.string()).optional(),
    microversion: z.string().optional(),
    /** Of an image or a container: the place of its bytes, or of its objects. */
    bytes: Bytes.optional(),
  }),
  output: z.object({ id: z.string() }),
  rollback: 'free',
});
export type CreateInput = z.output<typeof createResource.input>;

const Rule = z.strictObject({
  direction: z.enum(['ingress', 'egress']),
  ethertype: z.enum(['IPv4', 'IPv6']),
  protocol: z.string().nullable(),
  port_range_min: z.int().nullable(),
  port_range_max: z.int().nullable(),
  remote_ip_prefix: z.string().nullable(),
  remote_group: Ref.nullable(),
  description: z.string(),
});
export type RestoredRule = z.output<typeof Rule>;

/** Gives a security group these rules and no others, when every group that they name is there. */
export const setRules = action({
  name: 'backup-dr.set-rules',
  title: ({ name, rules }) => `Give security group ${called(name)} its ${rules.length} rules`,
  input: z.strictObject({
    ...named,
    group: Ref,
    rules: z.array(Rule),
    /** The rules that a group of the target had: an undo gives them back. Absent for a group that this run made. */
    before: z.array(Rule).optional(),
  }),
  output: z.object({ rules: z.int() }),
  rollback: 'free',
});

/** Connects a router with a subnet. */
export const connectRouter = action({
  name: 'backup-dr.connect-router',
  title: ({ name, address }) => `Connect router ${called(name)}${address === null ? '' : ` as ${address}`}`,
  input: z.strictObject({
    ...named,
    router: Ref,
    subnet: Ref,
    network: Ref,
    /** The address to have; null: the subnet's gateway. */
    address: z.string().nullable(),
    /** The groups of the port of such an address: one that a person made has the group `default`, Neutron's own have none. */
    groups: z.array(Ref),
  }),
  output: z.object({ port: z.string() }),
  rollback: 'free',
});

/** Gives a router its routes, when it has the interfaces that they lead through. */
export const setRoutes = action({
  name: 'backup-dr.set-routes',
  title: ({ name, routes }) => `Give router ${called(name)} its ${routes.length} routes`,
  input: z.strictObject({
    ...named,
    router: Ref,
    routes: z.array(z.strictObject({ destination: z.string(), nexthop: z.string() })),
  }),
  output: z.null(),
  rollback: 'free',
});

/**
 * Switches DHCP on, when every restored port of the subnet has its address: before, DHCP's own port might take it (as it did in
 * MirantisWorkloadMobility/CloudFerry 140 and 185).
 */
export const enableDhcp = action({
  name: 'backup-dr.enable-dhcp',
  title: ({ name }) => `Switch DHCP of subnet ${called(name)} on`,
  input: z.strictObject({ ...named, subnet: Ref }),
  output: z.null(),
  rollback: 'free',
});

/** Writes the kept bytes of a volume into the new one. Carried out by a `VolumeWriter`. */
export const fillVolume = action({
  name: 'backup-dr.fill-volume',
  title: ({ name, bytes }) =>
    `Write ${bytes.size} bytes of ${visible(bytes.stream)} into volume ${called(name)}`,
  input: z.strictObject({
    ...named,
    volume: Ref,
    bytes: Bytes,
  }),
  output: z.object({ bytes: z.int() }),
  rollback: 'free',
});

/** Deletes something of the target that `replace` names. */
export const removeResource = action({
  name: 'backup-dr.remove',
  title: ({ kind, name, id }) => `Delete ${kind} ${called(name)} (${visible(id)}), which is replaced`,
  input: z.strictObject({
    ...named,
    kind: z.enum(['server', 'volume', 'server-group', 'keypair']),
    id: z.string(),
  }),
  output: z.null(),
  rollback: 'none',
});
