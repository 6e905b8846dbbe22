export { assess, type AssessReleaseOptions, nextHops } from './assess.ts';
export {
  type DetectedRelease,
  detectRelease,
  rangeTitle,
  type ServiceRelease,
  type ServiceVersions,
} from './detect.ts';
export { observe, type ObserveReleaseOptions, type ReleaseSnapshot } from './observe.ts';
export {
  asOf,
  type DetectableService,
  type Series,
  series,
  type SeriesName,
  type SeriesStatus,
  statusOn,
  title,
} from './series.ts';
