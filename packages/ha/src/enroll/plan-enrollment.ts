import { parseArguments } from '@groundcrew/ground';
import { definePlan, type Json, planned, type Planned, refused, type Step } from '@groundcrew/runbook';
import type { Component } from '../components/define-component.ts';
import { addressAndPort } from './config-words.ts';
import { confirmVip } from './enroll-actions.ts';
import { activateOf, isThere, obstacleTo, stageOf, type WantedFile } from './enroll-files.ts';
import {
  failTogether,
  haproxyOf,
  keepalivedOf,
  machineOfReplica,
  presentServices,
  serviceOf,
} from './enroll-models.ts';
import type { EnrollRefusal, EnrollRefusalCode } from './enroll-refusal.ts';
import { backendProfileOf } from './backend-profile.ts';
import { frozenText } from './frozen-text.ts';
import type { HaproxyServiceModel } from './haproxy-model.ts';
import type { EnrollmentSnapshot } from './observe-enrollment.ts';
import { EnrollOptions, type ParsedEnrollment, type Replica } from './topology.ts';

/**
 * Plans how a component becomes highly available: its replicas get settings to survive their database and queue,
 * HAProxy stands in front of them on every balancer, and an address moves to a balancer that works. All candidates are
 * checked by the programs themselves before the first file is replaced; balancers change one after the other, each seen
 * to work before the next. Pure: what is there comes in `present`.
 *
 * A component that is already enrolled this way is refused with `enroll.already`.
 *
 * @throws InputError naming the field, PlanError
 * @example
 * const present = await observeEnrollment(topology, hosts);
 * const answer = planEnrollment(catalogue.keystone, { replicas, topology }, present);
 * if (answer.ok) run(answer.plan, { approved, implementations: enrollImplementations({ hosts }), journal });
 */
export function planEnrollment(
  component: Component,
  options: EnrollOptions,
  present: EnrollmentSnapshot,
): Planned<EnrollRefusalCode> {
  const enrollment = parseArguments('planEnrollment', EnrollOptions, options);
  const { topology, replicas } = enrollment;
  const way = backendProfileOf(component);
  if ('code' in way) return refused(way);
  const service = serviceOf(component, way, enrollment);
  if (service === undefined)
    return refused(
      about(
        component,
        'enroll.no-port',
        `on which port ${component.title} listens is not known`,
        'Say `port`, or that of each replica.',
      ),
    );
  const known = presentServices(present.balancers, topology, component.name);
  const others = known.services.filter(({ name }) => name !== component.name);
  const refusals: EnrollRefusal[] = [
    ...countsOf(component, enrollment),
    ...known.refusals,
    ...others
      .filter(({ bind }) => bind.port === service.bind.port)
      .map(({ name, bind }) =>
        about(
          component,
          'enroll.conflict',
          `port ${bind.port} of ${bind.address} belongs to ${name}`,
          'Say another `port`.',
        ),
      ),
  ];
  // Before models are made of what contradicts itself.
  const [contradiction, ...contradictions] = refusals;
  if (contradiction !== undefined) return refused(contradiction, ...contradictions);
  const files = wantedFiles(enrollment, [...others, service], present);
  const todo = files.filter((file) => !isThere(file));
  const [first, ...more] = todo.flatMap((file) => obstacleTo(file, enrollment.adopt) ?? []);
  if (first !== undefined) return refused(first, ...more);
  if (todo.length === 0)
    return refused(
      about(
        component,
        'enroll.already',
        `${component.title} is enrolled this way already: every file is as it would be written`,
        'Whether it works, a drill tells.',
      ),
    );
  return planned(
    definePlan({
      id: `enroll-${component.name}`,
      title: `Make ${component.title} HA: ${replicas.length} replicas behind ${addressAndPort(service.bind.address, service.bind.port)}`,
      inputs: JSON.parse(frozenText({ component: component.name, options })) as Json,
      steps: stepsOf(enrollment, service, todo),
      warnings: [...warningsOf(todo), ...checkElsewhere(component, service)],
    }),
  );
}

function countsOf(component: Component, { replicas, topology }: ParsedEnrollment): EnrollRefusal[] {
  const { balancers } = topology;
  const refusals: EnrollRefusal[] = [];
  const say = (code: EnrollRefusalCode, reason: string, remedy: string): void => {
    refusals.push(about(component, code, reason, remedy));
  };
  if (replicas.length < 2)
    say('enroll.single-replica', `one replica of ${component.title} is not HA`, 'Install a second one.');
  else if (failTogether(replicas.map(machineOfReplica)))
    say(
      'enroll.same-machine',
      `all replicas fail with ${replicas.map(machineOfReplica)[0]}`,
      'Install one on another machine.',
    );
  if (balancers.length < 2)
    say('enroll.single-balancer', 'one balancer is what fails then', 'Give a second one.');
  else if (failTogether(balancers.map(({ failsWith, host }) => failsWith ?? host)))
    say('enroll.same-machine', 'all balancers fail with one machine', 'Use one on another machine.');
  return refusals;
}

function wantedFiles(
  { topology, replicas, settings }: ParsedEnrollment,
  services: readonly HaproxyServiceModel[],
  present: EnrollmentSnapshot,
): WantedFile[] {
  const unseen = { state: 'unseen', why: 'it was not looked at: see observeEnrollment' } as const;
  const replicaFiles = replicas.flatMap(({ settings: where }): WantedFile[] =>
    where === undefined || settings.length === 0
      ? []
      : [
          {
            host: where.host,
            kind: 'settings',
            path: where.path,
            model: settings,
            present: present.settings[`${where.host}:${where.path}`] ?? unseen,
          },
        ],
  );
  const balancerFiles = topology.balancers.flatMap((balancer, at): WantedFile[] => {
    const { host, haproxy, keepalived } = balancer;
    const seen = present.balancers.find((found) => found.host === host);
    const files = [
      ['haproxy', haproxy.config, haproxyOf(balancer, services)],
      ['check', keepalived.script, { socket: haproxy.socket }],
      ['keepalived', keepalived.config, keepalivedOf(balancer, at, topology)],
    ] as const;
    return files.map(([kind, path, model]) => ({ host, kind, path, model, present: seen?.[kind] ?? unseen }));
  });
  return [...replicaFiles, ...balancerFiles];
}

/** First the replicas, one by one; then all candidates; then balancer by balancer; at last the address. */
function stepsOf(
  { topology, replicas }: ParsedEnrollment,
  service: HaproxyServiceModel,
  todo: readonly WantedFile[],
): Step[] {
  const steps: Step[] = [];
  let last: readonly string[] = [];
  for (const file of todo.filter(({ kind }) => kind === 'settings')) {
    const replica = replicas.find(
      ({ settings }) => settings?.host === file.host && settings.path === file.path,
    );
    const stage = stageOf(file, undefined, last);
    const activate = activateOf(file, restartOf(replica, service), {
      needs: [stage.id],
      why: 'One after the other, each answering again before the next is touched.',
      estimate: { duration: '20s', basis: 'a Keystone starts in 10 to 15 s' },
    });
    steps.push(stage, activate);
    last = [activate.id];
  }
  const stages: string[] = [];
  for (const { host, haproxy, keepalived } of topology.balancers) {
    const own = todo.filter((file) => file.host === host && file.kind !== 'settings');
    const script = own.find(({ kind }) => kind === 'check');
    // keepalived looks for the script when it checks its configuration.
    const scripted = script && [
      stageOf(script, ['sh', '-n']),
      activateOf(script, {}, { needs: [`stage-check-${host}`] }),
    ];
    steps.push(...(scripted ?? []));
    stages.push(...(scripted ?? []).map(({ id }) => id));
    for (const file of own.filter(({ kind }) => kind !== 'check')) {
      const check = file.kind === 'haproxy' ? haproxy.check : keepalived.check;
      const stage = stageOf(
        file,
        check,
        scripted?.map(({ id }) => id),
      );
      steps.push(stage);
      stages.push(stage.id);
    }
  }
  last = [...last, ...stages];
  for (const balancer of topology.balancers) {
    const { host, haproxy, keepalived } = balancer;
    for (const file of todo.filter((wanted) => wanted.host === host)) {
      if (file.kind !== 'haproxy' && file.kind !== 'keepalived') continue;
      const program = file.kind === 'haproxy' ? haproxy : keepalived;
      const activate = activateOf(
        file,
        {
          reload: [...program.reload],
          ...(program.stop === undefined ? {} : { stop: [...program.stop] }),
          ...(file.kind === 'haproxy' ? { expect: expectationOf(haproxy.socket, service) } : {}),
        },
        {
          needs: last,
          ...(file.kind === 'haproxy' ? { why: 'One balancer after the other: one always serves.' } : {}),
          estimate: { duration: '5s' },
        },
      );
      steps.push(activate);
      last = [activate.id];
    }
  }
  const hosts = topology.balancers.map(({ host }) => host);
  steps.push(
    confirmVip.step({
      id: 'confirm-vip',
      input: { address: topology.vip.address, hosts, port: service.bind.port },
      needs: last,
      estimate: { duration: '5s' },
    }),
  );
  return steps;
}

const expectationOf = (socket: string, { name, servers }: HaproxyServiceModel) => ({
  socket,
  backends: [{ backend: name, servers: servers.map((server) => server.name) }],
});

function restartOf(replica: Replica | undefined, { check, mode, servers }: HaproxyServiceModel) {
  const { restart, owner } = replica?.settings ?? {};
  const server = servers.find(({ name }) => name === replica?.name);
  const asked = restart !== undefined && server !== undefined && mode === 'http' && check.path !== undefined;
  const url = asked ? `http://${addressAndPort(server.address, server.port)}${check.path}` : '';
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(restart === undefined ? {} : { reload: [...restart] }),
    ...(asked ? { ready: ['curl', '-sSf', '-o', '/dev/null', '--max-time', '10', url] } : {}),
  };
}

const warningsOf = (todo: readonly WantedFile[]): string[] =>
  todo
    .filter(({ present }) => present.state === 'foreign' || present.state === 'edited')
    .map(
      ({ host, path, present }) =>
        `${path} on ${host} ${present.state === 'foreign' ? 'was written by somebody else' : 'was changed by hand'}: what it does now will end. A copy stays beside it.`,
    );

/** Warns that a check on a port of its own needs a program that answers there. */
const checkElsewhere = (
  { title }: Component,
  { mode, check, servers }: HaproxyServiceModel,
): readonly string[] =>
  mode === 'tcp' && check.port !== undefined
    ? [
        `${title}: ${servers.map(({ name }) => name).join(', ')} must each answer HTTP ${check.expect} on port ${check.port} while it may be written to, and something else while not (clustercheck): without that none counts as up, and this is undone.`,
      ]
    : [];

export const about = (
  { name }: Component,
  code: EnrollRefusalCode,
  reason: string,
  remedy: string | undefined,
): EnrollRefusal => ({ code, reason, remedy, subject: { kind: 'component', id: name } });
