import type { Finding } from '@groundcrew/runbook';
import { type AssessStackOptions, assessStack, emptySnapshot, type StackSnapshot } from '../../src/stack.ts';

/** What is said of a stack of which only this was seen. */
export const assess = (parts: Partial<StackSnapshot>, options: AssessStackOptions = {}): Finding[] =>
  assessStack({ ...emptySnapshot, ...parts }, options);

export const only = (findings: readonly Finding[], id: string): Finding[] =>
  findings.filter((finding) => finding.id === id);

export const verdicts = (findings: readonly Finding[], id: string): string[] =>
  only(findings, id).map((finding) => finding.verdict);

export const spof = (findings: readonly Finding[], component: string): Finding | undefined =>
  only(findings, 'stack.single-point-of-failure').find((finding) => finding.subject.id === component);
