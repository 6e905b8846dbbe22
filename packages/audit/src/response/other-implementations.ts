import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import type { z } from 'zod';
import { setEnabled, setPort, setVisibility } from './actions.ts';
import { asFound, changed } from './before-act.ts';

/** The name of the group for what is shut in: without rules, one for each project. */
export const QUARANTINE = 'groundcrew-quarantine';
/** By this it is known as ours: a project may have a group of that name, and use it. */
const OURS = 'Shuts in what breaks a rule; see its audit trail';

/** The implementations of the actions on ports, users, projects and images. */
export function otherImplementations(cloud: Cloud): Implementation[] {
  const { network, identity } = cloud;

  async function portOf(id: string, signal: AbortSignal) {
    const port = await network.ports.get({ id }, { signal });
    const { admin_state_up, security_groups, port_security_enabled: secured, device_id } = port;
    const project = port.project_id ?? port.tenant_id;
    // A field that is not shown cannot be restored.
    if (security_groups === undefined) throw new Error(`port ${id}: its security groups are not shown`);
    return {
      before: {
        admin_state_up,
        security_groups: [...security_groups],
        ...(typeof secured === 'boolean' ? { port_security_enabled: secured } : {}),
      },
      // A port of Neutron itself is of the project `''` (neutron/db/l3_db.py): of none, as one whose project is hidden.
      project: project === '' || project === null ? undefined : project,
      device: device_id,
    };
  }

  async function isQuarantine([id, ...more]: readonly string[], signal: AbortSignal): Promise<boolean> {
    if (id === undefined || more.length > 0) return false;
    const { name, security_group_rules } = await network.securityGroups.get({ id }, { signal });
    return name === QUARANTINE && security_group_rules.length === 0;
  }

  /** A group of the port's own project that lets nothing in or out; made if it is not there. */
  async function quarantineOf(project: string, signal: AbortSignal): Promise<string> {
    for await (const group of network.securityGroups.list(
      { name: QUARANTINE, project_id: project },
      { signal },
    )) {
      if (group.description !== OURS) continue;
      // Somebody may have opened it: what it does is what counts, not its name.
      for (const rule of group.security_group_rules)
        await network.securityGroupRules.delete({ id: rule.id }, { signal, missingOk: true });
      return group.id;
    }
    const made = await network.securityGroups.create(
      {
        name: QUARANTINE,
        project_id: project,
        description: OURS,
      },
      { signal },
    );
    // A new group lets everything out.
    for (const rule of made.security_group_rules)
      await network.securityGroupRules.delete({ id: rule.id }, { signal, missingOk: true });
    return made.id;
  }

  const enabledOf = async (kind: 'user' | 'project', id: string, signal: AbortSignal): Promise<boolean> =>
    (kind === 'user'
      ? await identity.users.get({ id }, { signal })
      : await identity.projects.get({ id }, { signal })
    ).enabled;
  const enable = (
    kind: 'user' | 'project',
    id: string,
    enabled: boolean,
    signal: AbortSignal,
  ): Promise<unknown> =>
    kind === 'user'
      ? identity.users.update({ id, enabled }, { signal })
      : identity.projects.update({ id, enabled }, { signal });
  const show = (image: string, visibility: string, signal: AbortSignal): Promise<unknown> =>
    cloud.image.images.update(
      { id: image, patch: [{ op: 'replace', path: '/visibility', value: visibility }] },
      { signal },
    );

  type Ports = Awaited<ReturnType<typeof portOf>>['before'];
  type Wanted = Pick<z.output<typeof setPort.input>, keyof Ports>;
  const isAs = async (now: Ports, wanted: Wanted, signal: AbortSignal): Promise<boolean> =>
    (wanted.admin_state_up === undefined || now.admin_state_up === wanted.admin_state_up) &&
    (wanted.port_security_enabled === undefined ||
      now.port_security_enabled === wanted.port_security_enabled) &&
    (wanted.security_groups === 'quarantine'
      ? now.port_security_enabled !== false && (await isQuarantine(now.security_groups, signal))
      : wanted.security_groups === undefined || same(now.security_groups, wanted.security_groups));

  return [
    implement(setPort, {
      async precondition(
        { port, device, from, security_groups: wanted },
        { signal, attempt },
      ): Promise<Refusal | undefined> {
        const isShutIn = wanted === 'quarantine';
        if (attempt > 1 || (device === undefined && from === undefined && !isShutIn)) return undefined;
        const now = await portOf(port, signal);
        if (isShutIn && now.project === undefined) return ofNoProject(port);
        if (device !== undefined && now.device !== device)
          return changed(`port ${port} is not on ${device} any more, by which it was judged`);
        return from === undefined || (await isAs(now.before, from, signal))
          ? undefined
          : changed(`port ${port} was changed since: what somebody else made of it is not undone`);
      },
      async perform({ port, ...more }, { signal, attempt }) {
        const state = stateOf(more);
        const { security_groups: wanted, ...rest } = state;
        const { before, project } = await portOf(port, signal);
        const found = asFound(attempt, attempt > 1 && (await isAs(before, state, signal)));
        if (found.after_crash === true) return { ...before, ...found };
        const isShutIn = wanted === 'quarantine';
        if (isShutIn && project === undefined) throw new Error(ofNoProject(port).reason);
        // Where it is hidden, Neutron itself takes no groups for a port whose port security is off
        // (neutron/plugins/ml2/plugin.py, `PortSecurityAndIPRequiredForSecurityGroups`).
        const isOpen = isShutIn && before.port_security_enabled === false;
        const groups =
          isShutIn && project !== undefined ? [await quarantineOf(project, signal)] : asGroups(wanted);
        await network.ports.update(
          {
            id: port,
            ...rest,
            ...(isOpen ? { port_security_enabled: true } : {}),
            ...(groups === undefined ? {} : { security_groups: groups }),
          },
          { signal },
        );
        return before;
      },
      async verify({ port, ...more }, _, { signal }): Promise<Refusal | undefined> {
        const state = stateOf(more);
        const { before: now } = await portOf(port, signal);
        return (await isAs(now, state, signal))
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `port ${port} was changed meanwhile`,
              remedy: 'Judge it again.',
            };
      },
      async compensate({ port }, output, { signal }) {
        if (output === undefined || output.after_crash === true) return;
        await network.ports.update({ id: port, ...output }, { signal });
      },
    }),

    implement(setEnabled, {
      async precondition({ kind, id, enabled }, { signal }): Promise<Refusal | undefined> {
        if (enabled) return undefined;
        const token = await cloud.token({ signal });
        const own = kind === 'user' ? token?.user?.id : token?.project?.id;
        return own === id
          ? {
              code: 'audit.own-access',
              reason: `${kind} ${id} is the one that this runs as: it could do and undo nothing any more`,
              remedy: 'Let it run as another one, or exempt it.',
            }
          : undefined;
      },
      async perform({ kind, id, enabled }, { signal, attempt }) {
        const was = await enabledOf(kind, id, signal);
        if (was !== enabled) await enable(kind, id, enabled, signal);
        return { was, ...asFound(attempt, was === enabled) };
      },
      async verify({ kind, id, enabled }, _, { signal }): Promise<Refusal | undefined> {
        return (await enabledOf(kind, id, signal)) === enabled
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `${kind} ${id} was changed meanwhile`,
              remedy: 'Judge it again.',
            };
      },
      async compensate({ kind, id, enabled }, output, { signal }) {
        if (output !== undefined && output.was !== enabled) await enable(kind, id, output.was, signal);
      },
    }),

    implement(setVisibility, {
      async precondition({ image, visibility, from }, { signal, attempt }): Promise<Refusal | undefined> {
        if (attempt > 1 || from === undefined) return undefined;
        const now = (await cloud.image.images.get({ id: image }, { signal })).visibility;
        return now === from || now === visibility
          ? undefined
          : changed(`image ${image} is ${now}: what somebody else made of it is not undone`);
      },
      async perform({ image, visibility }, { signal, attempt }) {
        const { visibility: was } = await cloud.image.images.get({ id: image }, { signal });
        if (was !== visibility) await show(image, visibility, signal);
        return { was, ...asFound(attempt, was === visibility) };
      },
      async verify({ image, visibility }, _, { signal }): Promise<Refusal | undefined> {
        const now = (await cloud.image.images.get({ id: image }, { signal })).visibility;
        return now === visibility
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `image ${image} is ${now}`,
              remedy: 'Judge it again.',
            };
      },
      async compensate({ image, visibility }, output, { signal }) {
        if (output !== undefined && output.was !== visibility) await show(image, output.was, signal);
      },
    }),
  ];
}

/** A group of the project `''` is nobody's: Neutron would make it, and no port of a project may use it. */
const ofNoProject = (port: string): Refusal & { readonly reason: string } => ({
  code: 'audit.project-unknown',
  reason: `port ${port}: its project, whose quarantine it would go into, is not shown`,
  remedy: 'Ask as an administrator, or take the port down.',
});

/** The groups that are named; `undefined` leaves a port those that it has. */
const asGroups = (wanted: readonly string[] | 'quarantine' | undefined): string[] | undefined =>
  wanted === undefined || wanted === 'quarantine' ? undefined : [...wanted];

/** The state that a port is to have, without the facts that it was judged by. */
function stateOf<T extends { readonly device?: unknown; readonly from?: unknown }>(
  input: T,
): Omit<T, 'device' | 'from'> {
  const { device, from, ...state } = input;
  void device;
  void from;
  return state;
}

const same = (mine: readonly string[], other: readonly string[]): boolean =>
  mine.length === other.length && mine.every((id) => other.includes(id));
