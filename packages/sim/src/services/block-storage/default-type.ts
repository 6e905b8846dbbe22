import type { SimState } from '../../sim-state.ts';

/** The default volume type (`default_volume_type`): `__DEFAULT__`, unless the cloud has made another first. */
export const defaultType = (state: SimState) =>
  state.blockStorage.types.find((volumeType) => volumeType.is_public && volumeType.name !== '__DEFAULT__') ??
  state.blockStorage.types.values()[0];
