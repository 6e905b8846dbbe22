import { z } from 'zod';
import { answer, changes, type OutputAt, since } from '../../record/shape.ts';
import { Timestamp } from '../../record/timestamp.ts';
import { unlessCellDown } from './down-cell.ts';
import { Links } from '../../record/links.ts';
import { AnsweredSecret } from '../../record/secret-fields.ts';
import { known, tolerant } from '../../record/tolerant.ts';

/** The flavor by reference, as servers show it before 2.47. Empty if the flavor is gone. */
const FlavorReference = tolerant({ id: z.string(), links: Links.optional() });

/** The flavor as it was when the server was made or resized, from 2.47 on. It has no id. */
const EmbeddedFlavor = tolerant({
  original_name: z.string(),
  vcpus: z.number(),
  /** MiB. */
  ram: z.number(),
  /** GiB. */
  disk: z.number(),
  /** GiB. */
  ephemeral: z.number(),
  /** MiB. */
  swap: z.number(),
  /** Left out where policy hides it. */
  extra_specs: z.record(z.string(), z.string()).optional(),
});

const ImageReference = tolerant({ id: z.string(), links: Links.optional() });
const ImageWithProperties = tolerant({
  id: z.string(),
  links: Links.optional(),
  /** The image's properties as they were when the server was made. */
  properties: z.record(z.string(), z.unknown()).optional(),
});
/** Nova's way to say that a server was booted from a volume. */
const NoImage = z.literal('');

/** An address of a server. */
const ServerAddress = tolerant({
  addr: z.string(),
  /** 4 or 6. */
  version: z.number(),
  /** `fixed` or `floating`. Absent from `serverIps`, and from the answers to update and rebuild before 2.75. */
  'OS-EXT-IPS:type': z.string().optional(),
  'OS-EXT-IPS-MAC:mac_addr': z.string().optional(),
});

/** Addresses by the name of their network. */
export const ServerAddresses = z.record(z.string(), z.array(ServerAddress));

const Fault = tolerant({
  /** An HTTP status by meaning: 500 for most. */
  code: z.number(),
  created: Timestamp,
  message: z.string(),
  /** The traceback, for administrators. */
  details: z.string().nullable().optional(),
});

const AttachedVolume = tolerant({ id: z.string() });
const AttachedVolumeWithFate = tolerant({ id: z.string(), delete_on_termination: z.boolean() });
const GroupName = tolerant({ name: z.string() });
const MaybeText = z.string().nullable().optional();
const VolumesAttached = z.array(AttachedVolumeWithFate);

/** States of a server. */
export const ServerStatus = known([
  'ACTIVE',
  'BUILD',
  'DELETED',
  'ERROR',
  'HARD_REBOOT',
  'MIGRATING',
  'PASSWORD',
  'PAUSED',
  'REBOOT',
  'REBUILD',
  'RESCUE',
  'RESIZE',
  'REVERT_RESIZE',
  'SHELVED',
  'SHELVED_OFFLOADED',
  'SHUTOFF',
  'SOFT_DELETED',
  'SUSPENDED',
  'VERIFY_RESIZE',
  'UNKNOWN',
]);

/** Fields that all answers about a server have: show, list, update, rebuild. */
const common = {
  id: z.string(),
  name: unlessCellDown(z.string()),
  /**
   * `ACTIVE`, `BUILD`, `DELETED`, `ERROR`, `HARD_REBOOT`, `MIGRATING`, `PASSWORD`, `PAUSED`, `REBOOT`, `REBUILD`,
   * `RESCUE`, `RESIZE`, `REVERT_RESIZE`, `SHELVED`, `SHELVED_OFFLOADED`, `SHUTOFF`, `SOFT_DELETED`, `SUSPENDED`,
   * `VERIFY_RESIZE`, or `UNKNOWN`: its cell does not respond, and most other fields are missing.
   */
  status: ServerStatus,
  tenant_id: z.string(),
  user_id: unlessCellDown(z.string()),
  created: Timestamp,
  updated: unlessCellDown(Timestamp),
  links: Links,
  metadata: unlessCellDown(z.record(z.string(), z.string())),
  /** Hash of host and project: equal for two servers of a project on one host, and tells no more. */
  hostId: unlessCellDown(z.string()),
  /** `''` if the server was booted from a volume. From 2.98 on with the image's properties. */
  image: changes(
    ['2.1', unlessCellDown(z.union([NoImage, ImageReference]))],
    ['2.98', unlessCellDown(z.union([NoImage, ImageWithProperties]))],
  ),
  /** A reference before 2.47; from then on the flavor as it was when the server was made. */
  flavor: changes(['2.1', unlessCellDown(FlavorReference)], ['2.47', unlessCellDown(EmbeddedFlavor)]),
  /** By network. Empty while the server is being built. */
  addresses: unlessCellDown(ServerAddresses),
  accessIPv4: unlessCellDown(z.string()),
  accessIPv6: unlessCellDown(z.string()),
  /** `AUTO`: the partition grows to the disk; `MANUAL`: it stays as in the image. */
  'OS-DCF:diskConfig': unlessCellDown(z.string()),
  /** Percent of the running task; only in states that have one. */
  progress: z.number().nullable().optional(),
  /** The error; only of servers in `ERROR` or `DELETED`. */
  fault: Fault.optional(),
  locked: since('2.9', unlessCellDown(z.boolean())),
  description: since('2.19', unlessCellDown(z.string().nullable())),
  tags: since('2.26', unlessCellDown(z.array(z.string()))),
  trusted_image_certificates: since('2.63', unlessCellDown(z.array(z.string()).nullable())),
  /** Ids of the server groups it is in: none or one. Never in a list. */
  server_groups: since('2.71', z.array(z.string()).optional()),
  locked_reason: since('2.73', unlessCellDown(z.string().nullable())),
  /** The zone that was asked for, by which moves are bound; `null` if none was. */
  pinned_availability_zone: since('2.96', unlessCellDown(z.string().nullable())),
  /** As given to `create`; `null` or empty if none were. */
  scheduler_hints: since('2.100', unlessCellDown(z.record(z.string(), z.unknown()).nullable())),
};

/** A virtual machine. Fields marked *administrators* are absent for others, unless policy says otherwise. */
export const Server = answer({
  ...common,
  key_name: unlessCellDown(z.string().nullable()),
  /** `'True'` or `''`. */
  config_drive: unlessCellDown(z.string().nullable()),
  /** Absent while there are none, as during the build. */
  security_groups: z.array(GroupName).optional(),
  'OS-EXT-AZ:availability_zone': unlessCellDown(z.string()),
  /** 0 none, 1 running, 3 paused, 4 shut down, 6 crashed, 7 suspended (`nova/objects/fields.py`). */
  'OS-EXT-STS:power_state': unlessCellDown(z.number().nullable()),
  /** The task that is running on it, `null` if none is: `spawning`, `migrating`, `powering-off`, … */
  'OS-EXT-STS:task_state': unlessCellDown(z.string().nullable()),
  /** `active`, `building`, `stopped`, `rescued`, `shelved_offloaded`, … */
  'OS-EXT-STS:vm_state': unlessCellDown(z.string().nullable()),
  'OS-SRV-USG:launched_at': unlessCellDown(Timestamp.nullable()),
  'OS-SRV-USG:terminated_at': unlessCellDown(Timestamp.nullable()),
  'os-extended-volumes:volumes_attached': changes(
    ['2.1', unlessCellDown(z.array(AttachedVolume))],
    ['2.3', unlessCellDown(VolumesAttached)],
  ),
  /** The compute service it runs on. *Administrators.* `null` while unscheduled or shelved-offloaded. */
  'OS-EXT-SRV-ATTR:host': MaybeText,
  /** *Administrators.* The node, which for libvirt is the host's own name. */
  'OS-EXT-SRV-ATTR:hypervisor_hostname': MaybeText,
  /** *Administrators.* The hypervisor's name for it: `instance-0000002a`. */
  'OS-EXT-SRV-ATTR:instance_name': MaybeText,
  /** *Administrators* before 2.90, then everybody. */
  'OS-EXT-SRV-ATTR:hostname': changes(['2.3', MaybeText], ['2.90', unlessCellDown(z.string().nullable())]),
  'OS-EXT-SRV-ATTR:kernel_id': since('2.3', MaybeText),
  'OS-EXT-SRV-ATTR:ramdisk_id': since('2.3', MaybeText),
  'OS-EXT-SRV-ATTR:launch_index': since('2.3', z.number().nullable().optional()),
  'OS-EXT-SRV-ATTR:reservation_id': since('2.3', MaybeText),
  'OS-EXT-SRV-ATTR:root_device_name': since('2.3', MaybeText),
  /** Base64. *Administrators.* */
  'OS-EXT-SRV-ATTR:user_data': since('2.3', MaybeText),
  /** `UP`, `DOWN`, `MAINTENANCE`, `UNKNOWN`, or `''` without a host. *Administrators.* */
  host_status: since('2.16', z.string().optional()),
});
export type Server = OutputAt<typeof Server>;

/** The answer to an update: a part of the server before 2.75, all of it from then on. */
export const UpdatedServer = answer({
  ...common,
  key_name: since('2.75', z.string().nullable()),
  config_drive: since('2.75', z.union([z.string(), z.boolean()]).nullable()),
  security_groups: since('2.75', z.array(GroupName).optional()),
  'OS-EXT-AZ:availability_zone': since('2.75', z.string()),
  'OS-EXT-STS:power_state': since('2.75', z.number().nullable()),
  'OS-EXT-STS:task_state': since('2.75', z.string().nullable()),
  'OS-EXT-STS:vm_state': since('2.75', z.string().nullable()),
  'OS-SRV-USG:launched_at': since('2.75', Timestamp.nullable()),
  'OS-SRV-USG:terminated_at': since('2.75', Timestamp.nullable()),
  'os-extended-volumes:volumes_attached': since('2.75', VolumesAttached),
  'OS-EXT-SRV-ATTR:host': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:hypervisor_hostname': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:instance_name': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:hostname': changes(['2.75', MaybeText], ['2.90', z.string().nullable()]),
  'OS-EXT-SRV-ATTR:kernel_id': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:ramdisk_id': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:launch_index': since('2.75', z.number().nullable().optional()),
  'OS-EXT-SRV-ATTR:reservation_id': since('2.75', MaybeText),
  'OS-EXT-SRV-ATTR:root_device_name': since('2.75', MaybeText),
  /** Base64. A rebuild has it as `user_data`. */
  'OS-EXT-SRV-ATTR:user_data': since('2.75', MaybeText),
  host_status: since('2.75', z.string().optional()),
});
export type UpdatedServer = OutputAt<typeof UpdatedServer>;

/** The answer to a rebuild: as an update does, with the new password. */
export const RebuiltServer = answer({
  ...UpdatedServer.fields,
  /** The new password of the administrator, unless `[api] enable_instance_password` is off. */
  adminPass: AnsweredSecret.optional(),
  key_name: since('2.54', z.string().nullable()),
  /** Base64. */
  user_data: since('2.57', z.string().nullable()),
});
export type RebuiltServer = OutputAt<typeof RebuiltServer>;

/** The answer to creating a server: enough to follow it. */
export const CreatedServer = answer({
  id: z.string(),
  links: Links,
  /** The administrator's password, unless `[api] enable_instance_password` is off. Shown here and never again. */
  adminPass: AnsweredSecret.optional(),
  security_groups: z.array(GroupName).optional(),
  'OS-DCF:diskConfig': z.string().optional(),
});
export type CreatedServer = OutputAt<typeof CreatedServer>;

/** A server in a brief list. */
export const ServerBrief = answer({
  id: z.string(),
  /** Missing if its cell does not respond; `status` then says `UNKNOWN`. */
  name: unlessCellDown(z.string()),
  links: Links,
  /** Only `UNKNOWN`, and only if the server's cell does not respond. */
  status: since('2.69', z.string().optional()),
});
export type ServerBrief = OutputAt<typeof ServerBrief>;
