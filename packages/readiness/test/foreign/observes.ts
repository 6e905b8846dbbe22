import type { Verdict } from '@groundcrew/ground';
import * as audit from '@groundcrew/audit/security-groups';
import { allPacks, observeEstate } from '@groundcrew/audit/packs';
import { assessPlacement, observePlacement, schedulerRules } from '@groundcrew/audit/placement';
import { evaluate } from '@groundcrew/audit/policy';
import * as backupDr from '@groundcrew/backup-dr';
import { findOrphans, readOrphanSources } from '@groundcrew/backup-dr/control-plane';
import type { Cloud, Observed } from '@groundcrew/core';
import * as ha from '@groundcrew/ha';
import * as instances from '@groundcrew/ha/instances';
import { masakariObserver } from '@groundcrew/ha/masakari';
import * as monitoring from '@groundcrew/monitoring';
import * as upgrade from '@groundcrew/upgrade';
import { collect } from '../../src/index.ts';

// Answers of which kind: see `sweep.test.ts`, which names their sources.
/** One thing that was said of a cloud, in a form in which two runs can be compared. */
export interface Said {
  /** The rule and its subject. */
  readonly key: string;
  readonly verdict: Verdict;
  /** What is claimed: a title, a vote, the value that is said to be whole. */
  readonly title: string;
  readonly evidence: string;
}

/** What reads a cloud and judges it. */
export type Observes = (cloud: Cloud) => Promise<Said[]>;

type Findings = Awaited<ReturnType<typeof audit.assessSecurityGroups>>;

const said = (findings: Findings): Said[] =>
  findings.map(({ id, subject, verdict, title, because }) => ({
    key: `${id} ${subject.kind} ${subject.id}`,
    verdict,
    title,
    evidence: because.map(({ statement }) => statement).join(' | '),
  }));

/** A list that is said to be whole passes, with what is in it; one that is not is unknown. */
const lists = (parts: Readonly<Record<string, Observed<unknown>>>): Said[] =>
  Object.entries(parts).map(([key, { completeness, value }]) => ({
    key,
    verdict: completeness === 'complete' ? 'pass' : 'unknown',
    title: JSON.stringify(value),
    evidence: '',
  }));

/**
 * A view claims what is whole, and of each host whether it is up and enabled; one that is partial says so, and claims of its parts
 * nothing.
 */
const view = ({ completeness, hosts, servers, schedulers }: instances.CloudView): Said[] => [
  ...Object.entries({ hosts, servers, schedulers }).map(([key, value]): Said => ({
    key,
    verdict: completeness === 'complete' ? 'pass' : 'unknown',
    title: JSON.stringify(value) ?? '',
    evidence: '',
  })),
  ...(hosts ?? []).map(({ host, unknown, up, enabled }): Said => ({
    key: `host ${host}`,
    verdict: unknown === undefined ? 'pass' : 'unknown',
    title: `${up ? 'up' : 'down'}, ${enabled ? 'enabled' : 'disabled'}`,
    evidence: '',
  })),
];

/** Votes, up or down: both act. */
const votes = async (observer: instances.Observer, hosts: readonly string[]): Promise<Said[]> =>
  (await observer.observe(hosts)).map(({ host, state }) => ({
    key: `${observer.id} ${host}`,
    verdict: state === 'unknown' ? 'unknown' : 'pass',
    title: state,
    evidence: '',
  }));

/** Every way in which the packages read a cloud, by name. */
export const observesOf = (hosts: readonly string[]): Readonly<Record<string, Observes>> => ({
  'monitoring.readInventory': async (cloud) => lists({ ...(await monitoring.readInventory(cloud)) }),
  'monitoring.observe': async (cloud) => said(monitoring.assess(await monitoring.observe(cloud))),
  'ha.observe': async (cloud) => said(ha.assess(await ha.observe(cloud))),
  'instances.readCloudView': async (cloud) => view(await instances.readCloudView(cloud)),
  'instances.novaServiceObserver': (cloud) => votes(instances.novaServiceObserver(cloud), hosts),
  masakariObserver: (cloud) => votes(masakariObserver(cloud), hosts),
  'backupDr.observe': async (cloud) =>
    said(backupDr.assess(await backupDr.observe(cloud), { now: cloud.clock.now() })),
  'backupDr.readOrphanSources': async (cloud) => said(findOrphans(await readOrphanSources(cloud))),
  'upgrade.observe': async (cloud) =>
    said(upgrade.assess(await upgrade.observe(cloud), { now: cloud.clock.now() })),
  'audit.observe': async (cloud) =>
    said(audit.assessSecurityGroups(await audit.observeSecurityGroups(cloud))),
  'audit.observeEstate': async (cloud) => [
    ...said([...evaluate(allPacks, await observeEstate(cloud), { now: cloud.clock.now() }).findings]),
  ],
  'audit.observePlacement': async (cloud) =>
    said(assessPlacement(await observePlacement(cloud), schedulerRules)),
  'readiness.collect': async (cloud) =>
    said((await collect(cloud)).answers.flatMap(({ findings }) => [...findings])),
});
