import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { setEnabled, setPort, setVisibility } from './actions.ts';

/** The name of the group for what is shut in: without rules, one for each project. */
export const QUARANTINE = 'groundcrew-quarantine';

/** The hands for ports, users, projects and images. */
export function otherHands(cloud: Cloud): Implementation[] {
  const { network, identity } = cloud;

  async function portOf(id: string, signal: AbortSignal) {
    const port = await network.ports.get({ id }, { signal });
    const { admin_state_up, security_groups = [], port_security_enabled: secured, project_id } = port;
    return {
      before: {
        admin_state_up,
        security_groups: [...security_groups],
        ...(typeof secured === 'boolean' ? { port_security_enabled: secured } : {}),
      },
      project: project_id ?? '',
    };
  }

  async function isQuarantine([id, ...more]: readonly string[], signal: AbortSignal): Promise<boolean> {
    if (id === undefined || more.length > 0) return false;
    const { name, security_group_rules } = await network.securityGroups.get({ id }, { signal });
    return name === QUARANTINE && security_group_rules.length === 0;
  }

  /** A group of the port's own project that lets nothing in or out; made if it is not there. */
  async function quarantineOf(project: string, signal: AbortSignal): Promise<string> {
    for await (const one of network.securityGroups.list(
      { name: QUARANTINE, project_id: project },
      { signal },
    )) {
      // Somebody may have opened it: what it does is what counts, not its name.
      for (const rule of one.security_group_rules)
        await network.securityGroupRules.delete({ id: rule.id }, { signal, missingOk: true });
      return one.id;
    }
    const made = await network.securityGroups.create(
      {
        name: QUARANTINE,
        project_id: project,
        description: 'Shuts in what breaks a rule; see its audit trail',
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

  return [
    implement(setPort, {
      async perform({ port, security_groups: wanted, ...rest }, { signal }) {
        const { before, project } = await portOf(port, signal);
        const isShutIn = wanted === 'quarantine';
        const isOpen = isShutIn && before.port_security_enabled === false;
        const groups = isShutIn ? [await quarantineOf(project, signal)] : wanted && [...wanted];
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
      async verify({ port, security_groups: wanted, ...rest }, _, { signal }): Promise<Refusal | undefined> {
        const { before: now } = await portOf(port, signal);
        const isReached =
          wanted === 'quarantine'
            ? now.port_security_enabled !== false && (await isQuarantine(now.security_groups, signal))
            : wanted === undefined || same(now.security_groups, wanted);
        const isSo = Object.entries(rest).every(([name, value]) => now[name as keyof typeof rest] === value);
        return isReached && isSo
          ? undefined
          : {
              code: 'audit.not-reached',
              reason: `port ${port} was changed meanwhile`,
              remedy: 'Judge it again.',
            };
      },
      async compensate({ port }, output, { signal }) {
        if (output === undefined) return;
        await network.ports.update({ id: port, ...output }, { signal });
      },
    }),

    implement(setEnabled, {
      async perform({ kind, id, enabled }, { signal }) {
        const was = await enabledOf(kind, id, signal);
        if (was !== enabled) await enable(kind, id, enabled, signal);
        return { was };
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
      async perform({ image, visibility }, { signal }) {
        const { visibility: was } = await cloud.image.images.get({ id: image }, { signal });
        if (was !== visibility) await show(image, visibility, signal);
        return { was };
      },
      async compensate({ image, visibility }, output, { signal }) {
        if (output !== undefined && output.was !== visibility) await show(image, output.was, signal);
      },
    }),
  ];
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id) => other.includes(id));
