import { parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import * as z from 'zod';
import type { Component } from '../components/define-component.ts';
import { aDurationBetween } from '../option-parts.ts';
import { word } from './config-words.ts';
import { drainServer } from './enroll-actions.ts';
import { activateOf, obstacleTo, stageOf, type WantedFile } from './enroll-files.ts';
import { haproxyOf, presentServices } from './enroll-models.ts';
import type { EnrollRefusal, EnrollRefusalCode } from './enroll-refusal.ts';
import { frozenText } from './frozen-text.ts';
import type { EnrollmentSnapshot } from './observe-enrollment.ts';
import { about } from './plan-enrollment.ts';
import { EnrollTopology } from './topology.ts';

const PlanRetirementOptions = z.strictObject({
  /** Names of the replicas that are taken out. */
  replicas: z.array(word).min(1),
  topology: EnrollTopology,
  /** The time that their last connections may take, 1 s to 1 day; longer ones are cut. */
  drain: aDurationBetween(1_000, 86_400_000).default(60_000),
  /** Allow one remaining replica, with which the component is no longer highly available. */
  acceptSingle: z.boolean().default(false),
});
export type PlanRetirementOptions = Readonly<z.input<typeof PlanRetirementOptions>>;

/**
 * Plans how replicas are taken out without an interruption: every balancer gives them no new connections, waits for the
 * last ones, and then removes them from its configuration. The replicas themselves go on running.
 *
 * @throws InputError naming the field, PlanError
 */
export function planRetirement(
  component: Component,
  options: PlanRetirementOptions,
  present: EnrollmentSnapshot,
): Planned<EnrollRefusalCode> {
  const retirement = parseArguments('planRetirement', PlanRetirementOptions, options);
  const { topology, replicas, drain, acceptSingle } = retirement;
  const { services, refusals: known } = presentServices(present.balancers, topology, component.name);
  const service = services.find(({ name }) => name === component.name);
  const files = topology.balancers.map(({ host, haproxy }): WantedFile & { readonly socket: string } => ({
    host,
    kind: 'haproxy',
    path: haproxy.config,
    model: undefined,
    present: present.balancers.find((balancer) => balancer.host === host)?.haproxy ?? {
      state: 'unseen',
      why: 'it was not looked at: see observeEnrollment',
    },
    socket: haproxy.socket,
  }));
  const refusals: EnrollRefusal[] = [...known, ...files.flatMap((file) => obstacleTo(file, false) ?? [])];
  const servers = service?.servers ?? [];
  for (const name of replicas)
    if (!servers.some((server) => server.name === name))
      refusals.push(
        about(
          component,
          'enroll.unknown-replica',
          `${name} is no replica of ${component.title} here`,
          undefined,
        ),
      );
  const stay = servers.filter(({ name }) => !replicas.includes(name));
  if (stay.length === 0 || (stay.length === 1 && !acceptSingle))
    refusals.push(
      about(
        component,
        'enroll.last-replica',
        stay.length === 0
          ? 'no replica would be left'
          : `only ${stay[0]?.name} would be left, which is not HA`,
        stay.length === 0
          ? 'Enrol another one first.'
          : 'Enrol another one first, or say acceptSingle: true.',
      ),
    );
  const [first, ...more] = refusals;
  if (first !== undefined || service === undefined)
    return refused(
      first ??
        about(component, 'enroll.unknown-replica', `${component.title} is not enrolled here`, undefined),
      ...more,
    );

  // The first of those with a single writer is the writer: somebody has to be.
  const left = {
    ...service,
    servers: stay.map((server, at) => (at === 0 ? { ...server, backup: false } : server)),
  };
  const others = services.filter(({ name }) => name !== component.name);
  const wanted = files.map((file, at) => {
    const balancer = topology.balancers[at];
    return { ...file, model: balancer === undefined ? undefined : haproxyOf(balancer, [...others, left]) };
  });
  const stages = wanted.map((file, at) => stageOf(file, topology.balancers[at]?.haproxy.check));
  const steps: Step[] = [...stages];
  let last: readonly string[] = stages.map(({ id }) => id);
  for (const [at, file] of wanted.entries()) {
    const drains = replicas.map((server) =>
      drainServer.step({
        id: `drain-${server}-${file.host}`,
        input: {
          host: file.host,
          socket: file.socket,
          backend: component.name,
          server,
          drainMs: drain,
          stay: stay.map(({ name }) => name),
        },
        needs: last,
        timeout: drain + 60_000,
        estimate: { duration: drain, basis: 'the longest that is waited' },
      }),
    );
    const haproxy = topology.balancers[at]?.haproxy;
    const activate = activateOf(
      file,
      {
        reload: [...(haproxy?.reload ?? [])],
        expect: {
          socket: file.socket,
          backends: [{ backend: component.name, servers: stay.map(({ name }) => name) }],
        },
      },
      { needs: drains.map(({ id }) => id), estimate: { duration: '5s' } },
    );
    steps.push(...drains, activate);
    last = [activate.id];
  }
  return planned(
    definePlan({
      id: `retire-${component.name}`,
      title: `Take ${replicas.join(', ')} of ${component.title} out`,
      inputs: JSON.parse(frozenText({ component: component.name, options })) as Json,
      steps,
      warnings: stay.length === 1 ? [`${component.title} has one replica then: it is not HA any more.`] : [],
    }),
  );
}
