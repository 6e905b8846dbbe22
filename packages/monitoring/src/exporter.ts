export type { Exporter } from './exporter/build-exporter.ts';
export { exporter, type ExporterOptions } from './exporter/exporter.ts';
export { ReadingError } from './exporter/reading-error.ts';
export type { RoundReadingOptions } from './exporter/reading.ts';
