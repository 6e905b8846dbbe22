import type { Finding } from '@groundcrew/ground';
import type { Assessment } from '../assessment.ts';
import type { Exposures } from '../exposure/exposures.ts';
import { groupFindings } from './group-findings.ts';
import { portFindings } from './port-findings.ts';
import { projectFindings } from './project-findings.ts';
import { scopeFinding } from './scope-finding.ts';
import { templateFindings } from './template-findings.ts';
import { unlistedGroupFindings } from './unlisted-group-findings.ts';
import { unseenFindings } from './unseen-findings.ts';

/** All that there is to say of a snapshot. */
export const snapshotFindings = (assessment: Assessment, exposures: Exposures): Finding[] => [
  ...unseenFindings(assessment),
  ...unlistedGroupFindings(assessment, exposures),
  scopeFinding(assessment, exposures),
  ...groupFindings(exposures.groups.values(), exposures.combinedExposures, assessment),
  ...templateFindings(assessment, exposures),
  ...portFindings(assessment, exposures),
  ...projectFindings(assessment, exposures),
];
