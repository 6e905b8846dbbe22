export { namedCycles } from './point/cycles.ts';
export { isNewerPoint, parsePoint } from './point/parse-point.ts';
export { PointError } from './point/point-error.ts';
export { readPoint, type ReadPointOptions } from './point/read-point.ts';
export { pointFault, signPoint } from './point/sign-point.ts';
export {
  type ExternalResource,
  type PointKind,
  type PointList,
  type PointNeed,
  type PointResource,
  type PointSignature,
  type ResourceRef,
  type TakenTogether,
  type TenantPoint,
  type VolumeBytes,
  type Wire,
} from './point/tenant-point.ts';
export { withVolumeBytes } from './point/with-volume-bytes.ts';
