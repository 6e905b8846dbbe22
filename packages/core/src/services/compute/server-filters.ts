import { z } from 'zod';
import { args, since } from '../../record/shape.ts';
import { Limit, Marker, SortDirection } from './paging.ts';
import { ServerStatus } from './server.ts';
import { known } from '../../record/tolerant.ts';

const Text = z.string().optional();
const Texts = z.union([z.string(), z.array(z.string())]).optional();
const Flag = z.boolean().optional();

/** Columns of Nova's database that servers are sorted by (`nova/api/openstack/compute/schemas/servers.py`). */
const SortKey = known([
  'access_ip_v4',
  'access_ip_v6',
  'auto_disk_config',
  'availability_zone',
  'config_drive',
  'created_at',
  'display_description',
  'display_name',
  'host',
  'hostname',
  'image_ref',
  'instance_type_id',
  'kernel_id',
  'key_name',
  'launch_index',
  'launched_at',
  'locked_by',
  'node',
  'power_state',
  'progress',
  'project_id',
  'ramdisk_id',
  'root_device_name',
  'task_state',
  'terminated_at',
  'updated_at',
  'user_id',
  'uuid',
  'vm_state',
]);

/**
 * Filters of server lists. Those said to be patterns are regular expressions of the database, matched anywhere.
 * Filters that Nova keeps for administrators (`host`, `node`, …) are ignored for others, not refused: check what
 * came back before acting on it.
 */
export const ServerFilters = args({
  /** Servers of all projects. Administrators only: 403 for others. */
  all_tenants: Flag,
  project_id: Text,
  /** The older name of `project_id`. */
  tenant_id: Text,
  user_id: Text,
  /** A pattern: `web` also finds `cobweb-2`. `find` compares exactly. */
  name: Text,
  /** A pattern. */
  description: Text,
  /** A pattern. */
  hostname: Text,
  /** `ACTIVE`, `ERROR`, …; several mean any of them. An unknown one finds nothing, from 2.38 on it is a 400. */
  status: z.union([ServerStatus, z.array(ServerStatus)]).optional(),
  /** Ids of flavors. */
  flavor: Text,
  /** Id of an image. */
  image: Text,
  uuid: Text,
  /** A pattern, matched from the beginning. */
  ip: Text,
  /** A pattern, matched from the beginning. Before 2.5 for administrators only. */
  ip6: Text,
  /** The compute service. Administrators only. */
  host: Text,
  /** The hypervisor's node. Administrators only. */
  node: Text,
  availability_zone: Text,
  /** Name of a key pair. */
  key_name: Text,
  config_drive: Flag,
  /** See `OS-EXT-STS:power_state` of a server. */
  power_state: z.number().int().optional(),
  vm_state: Texts,
  task_state: Texts,
  progress: z.number().int().optional(),
  launch_index: z.number().int().optional(),
  reservation_id: Text,
  root_device_name: Text,
  kernel_id: Text,
  ramdisk_id: Text,
  access_ip_v4: Text,
  access_ip_v6: Text,
  auto_disk_config: Flag,
  /** `owner` or `admin`. */
  locked_by: Text,
  created_at: Text,
  launched_at: Text,
  terminated_at: Text,
  /** Deleted servers that are still in the database. Administrators only. */
  deleted: Flag,
  /** Servers that can still be restored. Administrators only. */
  soft_deleted: Flag,
  /** ISO 8601. Changed at or after this; finds deleted servers too. */
  'changes-since': Text,
  /** ISO 8601. Changed at or before this. */
  'changes-before': since('2.66', Text),
  /** Tags, separated by commas, all of which a server must have. */
  tags: since('2.26', Text),
  /** Tags, separated by commas, of which a server must have one. */
  'tags-any': since('2.26', Text),
  /** Tags, separated by commas, all of which together a server must not have. */
  'not-tags': since('2.26', Text),
  /** Tags, separated by commas, of which a server must have none. */
  'not-tags-any': since('2.26', Text),
  locked: since('2.73', Flag),
  /** Names of database columns: `created_at` (the default), `display_name`, `host`, `uuid`, … */
  sort_key: z.union([SortKey, z.array(SortKey)]).optional(),
  sort_dir: z.union([SortDirection, z.array(SortDirection)]).optional(),
  limit: Limit,
  marker: Marker,
});
