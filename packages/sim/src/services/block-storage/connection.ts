import type { Json } from '../../wire.ts';
import type { Volume } from './state.ts';

/**
 * How a host reaches a volume: the driver's facts, and those that Cinder adds (`_parse_connection_options` of
 * `cinder/volume/manager.py`). The driver is one that hands a device of the host itself to os-brick's `local` connector, as the
 * lab's does; what such a device holds is at `cloud.volumes.device(attachment)`.
 */
export const connectionOf = (volume: Volume): Json => ({
  device_path: `/dev/groundcrew-sim/volume-${volume.id}`,
  qos_specs: null,
  // That of the volume, whatever the mode of the attachment is.
  access_mode: volume.readonly ? 'ro' : 'rw',
  encrypted: volume.encrypted,
  cacheable: false,
  driver_volume_type: 'local',
});
