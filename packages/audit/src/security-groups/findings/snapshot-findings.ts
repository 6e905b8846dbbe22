import type { Finding } from '@groundcrew/runbook';
import type { Assessment } from '../assessment.ts';
import type { Exposures } from '../exposure/exposures.ts';
import { ofGroups } from './group-findings.ts';
import { ofDoubtfulPorts } from './port-findings.ts';
import { ofProjects } from './project-findings.ts';
import { scopeFinding } from './scope-finding.ts';
import { ofTemplates } from './template-findings.ts';
import { ofStrangers } from './unlisted-group-findings.ts';
import { unseenFindings } from './unseen-findings.ts';

/** All that there is to say of a snapshot. */
export const ofSnapshot = (assessment: Assessment, exposures: Exposures): Finding[] => [
  ...unseenFindings(assessment),
  ...ofStrangers(assessment, exposures),
  scopeFinding(assessment, exposures),
  ...ofGroups(exposures.groups.values(), exposures.combinations, assessment),
  ...ofTemplates(assessment, exposures),
  ...ofDoubtfulPorts(assessment, exposures),
  ...ofProjects(assessment, exposures),
];
