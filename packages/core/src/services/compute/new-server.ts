import { z } from 'zod';
import { args, changes, since, until } from '../../record/shape.ts';
import { GivenSecret } from '../../record/secret-fields.ts';
import { Count, Flag } from './textual.ts';
import { tolerant } from '../../record/tolerant.ts';

const Text = z.string().optional();

/** `AUTO` grows the partition to the disk, `MANUAL` leaves it. */
export const DiskConfig = z.enum(['AUTO', 'MANUAL']);

/** A file to be put into the server. Gone with 2.57: use `user_data`. */
export const Personality = z.array(z.strictObject({ path: z.string(), contents: z.string() }));

/** Texts by name, up to 255 characters each. */
export const Metadata = z.record(z.string(), z.string());

const network = {
  /** Id of a network. */
  uuid: Text,
  /** Id of a port that is there already. */
  port: z.string().nullable().optional(),
  fixed_ip: Text,
};
const Network = z.strictObject(network);
const TaggedNetwork = z.strictObject({ ...network, tag: Text });
/** `auto`: the project's network, made if it has none; `none`: no network. */
const NetworkMode = z.enum(['auto', 'none']);

const legacyDevice = {
  virtual_name: Text,
  volume_id: Text,
  snapshot_id: Text,
  /** GiB. */
  volume_size: z.union([z.number().int(), z.string()]).optional(),
  device_name: Text,
  delete_on_termination: Flag.optional(),
  no_device: z.unknown().optional(),
  connection_info: Text,
};
const device = {
  ...legacyDevice,
  source_type: z.enum(['volume', 'image', 'snapshot', 'blank']).optional(),
  destination_type: z.enum(['local', 'volume']).optional(),
  /** Id of what `source_type` says. */
  uuid: Text,
  image_id: Text,
  /** 0 boots; -1 or null never. */
  boot_index: z.union([z.number().int(), z.string()]).nullable().optional(),
  guest_format: Text,
  /** `disk`, `cdrom`, `floppy` or `lun`. */
  device_type: Text,
  /** `virtio`, `scsi`, `ide`, `usb`, … */
  disk_bus: Text,
};
const Device = z.strictObject(device);
const TaggedDevice = z.strictObject({ ...device, tag: Text });
const TypedDevice = z.strictObject({ ...device, tag: Text, volume_type: Text });

const Ids = z.union([z.string(), z.array(z.string())]).optional();

/** Hints for the scheduler's filters. Clouds may have filters of their own, so unknown hints pass. */
const SchedulerHints = tolerant({
  /** Id of a server group. */
  group: Ids,
  /** Ids of servers not to share a host with. */
  different_host: Ids,
  /** Ids of servers to share a host with. */
  same_host: Ids,
  /** For the JSON filter. */
  query: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  target_cell: Text,
  different_cell: Ids,
  build_near_host_ip: Text,
  /** Prefix length for `build_near_host_ip`: `/24`. */
  cidr: Text,
});

const fields = {
  name: z.string(),
  flavorRef: z.string(),
  /** Not needed if a device boots. */
  imageRef: Text,
  /** Made up by Nova if absent, and answered. */
  adminPass: GivenSecret.optional(),
  metadata: Metadata.optional(),
  /**
   * Optional before 2.37; from then on required, and `auto` or `none` will do. Tags of networks were lost from
   * 2.37 to 2.41 by a mistake of Nova.
   */
  networks: changes(
    ['2.1', z.array(Network).optional()],
    ['2.32', z.array(TaggedNetwork).optional()],
    ['2.37', z.union([z.array(Network), NetworkMode])],
    ['2.42', z.union([z.array(TaggedNetwork), NetworkMode])],
  ),
  'OS-DCF:diskConfig': DiskConfig.optional(),
  accessIPv4: Text,
  accessIPv6: Text,
  personality: until('2.57', Personality.optional()),
  /** `zone`, or for administrators `zone:host:node`, which goes past the scheduler's filters. */
  availability_zone: Text,
  /** The older form: use `block_device_mapping_v2`. */
  block_device_mapping: z.array(z.strictObject(legacyDevice)).optional(),
  /** Disks, by boot order. Tags were lost from 2.33 to 2.41 by a mistake of Nova. */
  block_device_mapping_v2: changes(
    ['2.1', z.array(Device).optional()],
    ['2.32', z.array(TaggedDevice).optional()],
    ['2.33', z.array(Device).optional()],
    ['2.42', z.array(TaggedDevice).optional()],
    ['2.67', z.array(TypedDevice).optional()],
  ),
  config_drive: Flag.optional(),
  key_name: Text,
  /** By name or id. `default` if absent. */
  security_groups: z.array(z.strictObject({ name: z.string() })).optional(),
  /** Base64, up to 65,535 characters. */
  user_data: Text,
  description: since('2.19', z.string().nullable().optional()),
  tags: since('2.52', z.array(z.string()).optional()),
  trusted_image_certificates: since('2.63', z.array(z.string()).nullable().optional()),
  /** The compute service to run on; the scheduler's filters still decide. Administrators only. */
  host: since('2.74', Text),
  /** The node to run on; the scheduler's filters still decide. Administrators only. */
  hypervisor_hostname: since('2.74', Text),
  /** The guest's own name; from 2.94 on a fully qualified one will do. */
  hostname: since('2.90', Text),
  'os:scheduler_hints': SchedulerHints.optional(),
  'OS-SCH-HNT:scheduler_hints': SchedulerHints.optional(),
};

/** A server to be made. */
export const NewServer = args({
  ...fields,
  /** The smallest number of servers to make: if fewer are possible, none is made. @default 1 */
  min_count: Count.optional(),
  /** The largest number of servers to make. Nova answers the first: `reserve` lets you find them all. */
  max_count: Count.optional(),
});

/** Servers to be made together. */
export const NewReservation = args({
  ...fields,
  min_count: Count.optional(),
  max_count: Count.optional(),
  return_reservation_id: z.literal([true, 'True', 'true']).default(true),
});

/** The fields of a server that can be changed. */
export const ServerChange = args({
  id: z.string(),
  name: Text,
  'OS-DCF:diskConfig': DiskConfig.optional(),
  accessIPv4: Text,
  accessIPv6: Text,
  description: since('2.19', z.string().nullable().optional()),
  /** The host name that the metadata service has; the guest's own name changes when it asks. */
  hostname: since('2.90', Text),
  /** `null` unpins; the server's present zone pins. Anything else is a 409. */
  pinned_availability_zone: since('2.104', z.string().nullable().optional()),
});
