export {
  type ObservePackagesOptions,
  observePackages,
  type PackageOnHost,
} from './dossier/observe-packages.ts';
export { type DossierInput, dossierOf } from './dossier/dossier-of.ts';
export type {
  Dossier,
  DossierContact,
  DossierIssue,
  DossierPackage,
  DossierService,
  DossierSupport,
} from './dossier/dossier.ts';
export { dossierText } from './dossier/dossier-text.ts';
export {
  type EvidenceItem,
  type EvidenceKind,
  gatherEvidence,
  type GatherEvidenceOptions,
} from './dossier/gather-evidence.ts';
