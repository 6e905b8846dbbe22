export { libvirtIo } from './volumes/libvirt-io.ts';
export type { Top, TopOptions, TopRow } from './volumes/top.ts';
export type { VolumeIo, VolumeIoSource } from './volumes/volume-io.ts';
export {
  type NoIoReason,
  type VolumeFigures,
  volumeMetrics,
  type VolumeMetrics,
  type VolumeMetricsOptions,
} from './volumes/volume-metrics.ts';
