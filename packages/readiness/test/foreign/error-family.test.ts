// Errors of no family cannot be told apart by whoever handles them (canonical/pycloudlib 263: 25 cases of `raise Exception`),
// and here they ended a report that was to survive them.
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../../../', import.meta.url).pathname;
/** The lab is nobody's dependency: it tells its failures to the tests. */
const sources = globSync(`${root}packages/*/src/**/*.ts`).filter((path) => !path.includes('/packages/lab/'));

/** Those that never leave the file or the class that throws them: they carry something to the one that catches it. */
const PRIVATE = new Set([
  'Aborted',
  'BodyLimitExceeded',
  'DownloadInterrupted',
  'PassingFailure',
  'RetryAbandoned',
  'RetryableFailure',
  'ServiceFault',
  'TimeLimitExceeded',
  'WorkError',
]);

interface ErrorClass {
  readonly name: string;
  readonly parent: string;
  readonly file: string;
}

const classes: ErrorClass[] = sources.flatMap((path) =>
  [
    ...readFileSync(path, 'utf8').matchAll(
      /^(?:export )?(?:abstract )?(?:export abstract )?class (\w+) extends (\w*Error)\b/gm,
    ),
  ].map(([, name = '', parent = '']) => ({ name, parent, file: relative(root, path) })),
);

test(`each of ${classes.length} classes of errors descends from GroundcrewError, or never leaves its file`, () => {
  const parents = new Map(classes.map(({ name, parent }) => [name, parent]));
  const isOfFamily = (name: string): boolean =>
    name === 'GroundcrewError' || (parents.has(name) && isOfFamily(parents.get(name) ?? ''));
  expect(classes.length).toBeGreaterThan(50);
  // A name that is gone would let a new class of that name pass.
  expect([...PRIVATE].filter((name) => !parents.has(name))).toEqual([]);
  expect(
    classes.filter(({ name }) => name !== 'GroundcrewError' && !isOfFamily(name) && !PRIVATE.has(name)),
  ).toEqual([]);
});

/**
 * The files in which an error of no family is thrown, each with what catches it before a user's code can see it. A further one
 * needs a reason here, or an error of the family.
 */
const CAUGHT: Readonly<Record<string, string>> = {
  'audit/policy/evaluate.ts': 'an unknown finding of the policy, by `judged`',
  'audit/response/channel.ts': 'the failure of a step',
  'audit/response/other-implementations.ts': 'the failure of a step',
  'audit/response/server-implementations.ts': 'the failure of a step',
  'backup-dr/cinder-backups/store-records.ts': 'a gap of the point of records',
  'backup-dr/schedule/backup-runs.ts': 'the failure of a step',
  'ha/components/galera/read-galera-node.ts': 'a gap of readGaleraNode',
  'ha/components/rabbitmq/read-rabbit-node.ts': 'a gap of readRabbitNode',
  'ha/enroll/active-passive/cib-element.ts': 'a gap of observeActivePassive, or the failure of a step',
  'ha/enroll/active-passive/pacemaker-host.ts': 'the failure of a step',
  'ha/enroll/observe-enrollment.ts': 'a gap of observeEnrollment, or the failure of a step',
  'ha/fencing/fencer.ts': 'a reading of FenceError, or its cause',
  'ha/instances/observe-hosts.ts': 'an observer that says nothing of its hosts',
  'ha/instances/observers/per-host-observer.ts': 'a host that is unknown',
  'ha/instances/reserves.ts': 'the failure of a step',
  'monitoring/metrics/series.ts': 'a fault of the series, and a gap of its collector',
  'monitoring/probes/probe.ts': 'a failing sample, or what was left behind',
  'monitoring/probes/read-probes.ts': 'a failing sample',
  'monitoring/probes/remove.ts': 'a failing sample, or what was kept',
  'sim/program.ts': 'a wrong call of the command line, with its usage and the exit code 2',
  'upgrade/dossier/lines-around.ts': 'a gap of gatherEvidence',
  'upgrade/dossier/observe-packages.ts': 'a gap of observePackages',
  'upgrade/run/observe-threads.ts': 'a gap of observeThreads',
};

/** What makes an error of no family where it is thrown or rejected with. */
const PLAIN =
  /(?:throw|reject(?:ed)?\()\s*(?:new )?(?:\w*(?:Type|Range|Syntax|Reference|URI|Eval|Aggregate))?Error\(/;

test('an error of no family is thrown only where something of ours catches it', () => {
  const throwing = sources.flatMap((path) => {
    const code = readFileSync(path, 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    return PLAIN.test(code) ? [relative(`${root}packages`, path).replace('/src/', '/')] : [];
  });
  expect(sources.length).toBeGreaterThan(900);
  expect(throwing.toSorted()).toEqual(Object.keys(CAUGHT));
});

test.each([
  "throw new Error('x')",
  'throw new TypeError(`x`)',
  'throw Error(x)',
  "reject(new Error('x'))",
  "Promise.reject(new RangeError('x'))",
  'throw new AggregateError([x])',
])('`%s` is found', (code) => {
  expect(PLAIN.test(code)).toBe(true);
  expect(PLAIN.test(code.replace(/(?:\w*Type|Range|Aggregate)?Error\(/, 'InputError('))).toBe(false);
});
