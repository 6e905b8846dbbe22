export { assess, type AssessReleaseOptions, type HopOptions, nextHops } from './assess.ts';
export {
  type DetectedRelease,
  detectRelease,
  rangeTitle,
  type ServiceRelease,
  type ServiceVersions,
} from './detect.ts';
export { observe, type ObserveReleaseOptions, type ReleaseSnapshot } from './observe.ts';
export { plannedUntil, type Series, series, statusOn, title } from './series.ts';
export {
  asOf,
  type DetectableService,
  madeFrom,
  type SeriesName,
  type SeriesStatus,
} from '@groundcrew/ground/series';
