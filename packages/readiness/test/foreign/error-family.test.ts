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
  'ConnectionReset',
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
 * The files of these packages in which an error of no family is thrown, each with what catches it before a user's code can see
 * it. A further one needs a reason here, or an error of the family.
 */
const CAUGHT: Readonly<Record<string, string>> = {
  'ha/cib-element.ts': 'a gap of observeActivePassive, or the failure of a step',
  'ha/fencer.ts': 'a reading of FenceError',
  'ha/observe-enrollment.ts': 'a gap of observeEnrollment, or the failure of a step',
  'ha/observe-hosts.ts': 'an observer that says nothing of its hosts',
  'ha/pacemaker-host.ts': 'the failure of a step',
  'ha/per-host-observer.ts': 'a host that is unknown',
  'ha/read-galera-node.ts': 'a gap of readGaleraNode',
  'ha/read-rabbit-node.ts': 'a gap of readRabbitNode',
  'ha/reserves.ts': 'the failure of a step',
};
const HERE =
  /\/packages\/(ha|monitoring|backup-dr|logging-levels|upgrade|readiness|ground)\/src\/(?:.*\/)?([^/]+)$/;

test('an error of no family is thrown only where something of ours catches it', () => {
  const throwing = sources.flatMap((path) => {
    const [, name, file] = HERE.exec(path) ?? [];
    const code = readFileSync(path, 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    return name !== undefined && /throw new (?:\w*(?:Type|Range|Syntax))?Error\(/.test(code)
      ? [`${name}/${file}`]
      : [];
  });
  expect([...new Set(throwing)].toSorted()).toEqual(Object.keys(CAUGHT));
});
