export type { Chosen, RestoreMapping } from './restore/mapping.ts';
export type { KeptBytes } from './restore/maker.ts';
export { planRestore } from './restore/plan-restore.ts';
export type { RestoreRefusal, RestoreRefusalCode } from './restore/planning.ts';
export { readTarget, type ReadTargetOptions, type RestoreTarget } from './restore/read-target.ts';
export { RestoreError } from './restore/restore-error.ts';
export {
  restoreImplementations,
  type RestoreImplementationsOptions,
} from './restore/restore-implementations.ts';
export type { EmptyVolume, VolumeWriter, WriteContext } from './restore/volume-writer.ts';
