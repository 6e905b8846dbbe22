export { assess, type AssessReleaseOptions, type HopOptions, nextHops } from './assess.ts';
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
  madeFrom,
  plannedUntil,
  type Series,
  series,
  type SeriesName,
  type SeriesStatus,
  statusOn,
  title,
} from './series.ts';
