import { type Cloud, Secret } from '@groundcrew/core';
import { allPacks, observeEstate } from '../../src/packs.ts';
import { type ComplianceReport, driftOf, evaluate } from '../../src/policy.ts';

export interface Stage {
  readonly admin: Cloud;
  /** Signs in with a password. */
  readonly as: (auth: {
    readonly username: string;
    readonly password: Secret;
    readonly project_name: string;
  }) => Cloud;
  /** The name of everything that is made. */
  readonly name: string;
}

export interface Told {
  /** The administrator's findings on the things that were made: `policy subject verdict`, sorted. */
  readonly made: readonly string[];
  /** The findings that are resolved when it is unmade. */
  readonly resolved: readonly string[];
  readonly admin: ComplianceReport;
  readonly member: ComplianceReport;
  /** Failures that the administrator saw, and the member does not see. */
  readonly hidden: readonly string[];
}

/**
 * An estate with faults of known kinds, judged as administrator and as member of a project, and again without the
 * faults: one body for the simulated cloud and the real one.
 */
export async function play({ admin, as, name }: Stage): Promise<Told> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const { identity, image } = admin;
    const project = await identity.projects.create({ name });
    undo.push(() => identity.projects.delete({ id: project.id }));
    const password = new Secret(`${name}-Pa55`);
    const options = { ignore_lockout_failure_attempts: true, ignore_password_expiry: true };
    const user = await identity.users.create({ name, password, options });
    undo.push(() => identity.users.delete({ id: user.id }));
    const [role] = await Array.fromAsync(identity.roles.list({ name: 'member' }));
    if (role === undefined) throw new Error('this cloud has no role member');
    await identity.projectUserRoles.assign({ project_id: project.id, user_id: user.id, role_id: role.id });

    const member = as({ username: name, password, project_name: name });
    const program = { user_id: user.id, name, unrestricted: true };
    await member.identity.applicationCredentials.create(program);
    const disk = { name, disk_format: 'raw', container_format: 'bare', visibility: 'community' } as const;
    const picture = await image.images.create(disk);
    undo.push(() => image.images.delete({ id: picture.id }));

    const before = await judge(admin);
    const seen = await judge(member);
    await identity.users.update({
      id: user.id,
      options: { ignore_lockout_failure_attempts: null, ignore_password_expiry: null },
    });
    await image.images.update({
      id: picture.id,
      patch: [{ op: 'replace', path: '/visibility', value: 'private' }],
    });
    const after = await judge(admin);

    const ours = (finding: ComplianceReport['findings'][number]): boolean => finding.subject.name === name;
    const words = (finding: ComplianceReport['findings'][number]): string =>
      `${finding.id.replace('audit.', '')} ${finding.subject.kind} ${finding.verdict}`;
    return {
      made: before.findings
        .filter((finding) => ours(finding) && finding.verdict === 'fail')
        .map(words)
        .toSorted(),
      resolved: driftOf(before, after).resolved.filter(ours).map(words).toSorted(),
      admin: before,
      member: seen,
      hidden: driftOf(before, seen).becameUnknown.filter(ours).map(words).toSorted(),
    };
  } finally {
    for (const step of undo.toReversed()) await step().catch(() => undefined);
  }
}

const judge = async (cloud: Cloud): Promise<ComplianceReport> =>
  evaluate(allPacks, await observeEstate(cloud), { now: cloud.clock.now() });

/** The result, on any cloud. */
export const expected = {
  made: [
    'identity.application-credential-unrestricted application credential fail',
    'identity.application-credential-without-expiry application credential fail',
    'identity.lockout-bypassed user fail',
    'identity.password-expiry-bypassed user fail',
    'identity.user-without-mfa user fail',
    'image.community image fail',
    'image.unprotected image fail',
    'image.unsigned image fail',
  ],
  resolved: [
    'identity.lockout-bypassed user fail',
    'identity.password-expiry-bypassed user fail',
    'image.community image fail',
    'image.unprotected image fail',
  ],
  hidden: [
    'identity.lockout-bypassed user fail',
    'identity.password-expiry-bypassed user fail',
    'identity.user-without-mfa user fail',
  ],
} as const;
