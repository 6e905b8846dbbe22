export { attachmentReader, type AttachmentReaderOptions } from './volume-bytes/attachment-reader.ts';
export { imageReader } from './volume-bytes/image-reader.ts';
export { imageVolumeWriter, type ImageVolumeWriterOptions } from './volume-bytes/image-writer.ts';
export { type SweepOptions, sweepTemporaries, type Swept } from './volume-bytes/sweep.ts';
export { VolumeBytesError } from './volume-bytes/volume-bytes-error.ts';
export type { TakenSnapshot } from './volume-bytes/temporaries.ts';
export type {
  OpenVolume,
  ReadVolumeOptions,
  TemporaryNeeds,
  VolumeReader,
  VolumeToRead,
} from './volume-bytes/volume-reader.ts';
