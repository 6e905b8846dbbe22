export { bootProbe, type BootProbeOptions } from './probes/boot-probe.ts';
export {
  listProbe,
  type ListProbeOptions,
  tokenProbe,
  type TokenProbeOptions,
} from './probes/read-probes.ts';
export { probe, type ProbeOptions } from './probes/probe.ts';
export type { CloudProbe, ProbeCall, ProbeRun } from './probes/cloud-probe.ts';
export type { ProbeReport, ProbeStep } from './probes/report.ts';
export type { ProbeLeftover, MarkedKind } from './probes/marked.ts';
export { sweepLeftovers, type SweepLeftoversOptions, type SweepReport } from './probes/sweep-leftovers.ts';
export { volumeProbe, type VolumeProbeOptions } from './probes/volume-probe.ts';
