export { gnocchiIo } from './volumes/gnocchi-io.ts';
export { libvirtIo } from './volumes/libvirt-io.ts';
export type { Top, TopOptions, TopRow } from './volumes/top.ts';
export type { NoIoReason, VolumeFigures } from './volumes/volume-figures.ts';
export type { VolumeDisk, VolumeIo, VolumeIoSource } from './volumes/volume-io.ts';
export { volumeMetrics, type VolumeMetrics, type VolumeMetricsOptions } from './volumes/volume-metrics.ts';
