export { assessProtection } from './prove/assess-protection.ts';
export {
  drill,
  type DrillAnswer,
  type RestoreDrillOptions,
  type DrillProbe,
  type RestoreDrillReport,
  sweepDrills,
  type SweepDrillsOptions,
} from './prove/drill.ts';
export type { LeftOver } from './prove/empty-project.ts';
export { type ProofEntry, proofLedger, type ProofLedger, type ProofRecords } from './prove/proof-ledger.ts';
export { type Protection, protectionOf, type ProtectionInputs } from './prove/protection-of.ts';
export { isRestoreProof, type RestoreProof, type RestoreProofFacts } from './prove/restore-proof.ts';
export { type PointVerification, verifyPoint, type VerifyPointOptions } from './prove/verify-point.ts';
