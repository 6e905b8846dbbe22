import type { Cloud } from '@groundcrew/core';
import { implement, type Implementation, type Refusal } from '@groundcrew/runbook';
import { setEnabled, setPort, setVisibility } from './actions.ts';

/** The name of the group for what is shut in: without rules, one for each project. */
export const QUARANTINE = 'groundcrew-quarantine';

/** The hands for ports, users, projects and images. */
export function otherHands(cloud: Cloud): Implementation[] {
  const { network, identity } = cloud;

  async function portOf(id: string, signal: AbortSignal) {
    const { admin_state_up, security_groups = [], project_id } = await network.ports.get({ id }, { signal });
    return { admin_state_up, security_groups: [...security_groups], project_id };
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
      async perform({ port, admin_state_up, security_groups: wanted }, { signal }) {
        const { project_id, ...before } = await portOf(port, signal);
        const security_groups =
          wanted === 'quarantine' ? [await quarantineOf(project_id ?? '', signal)] : wanted && [...wanted];
        await network.ports.update(
          {
            id: port,
            ...(admin_state_up === undefined ? {} : { admin_state_up }),
            ...(security_groups === undefined ? {} : { security_groups }),
          },
          { signal },
        );
        return before;
      },
      async verify(
        { port, admin_state_up, security_groups: wanted },
        _,
        { signal },
      ): Promise<Refusal | undefined> {
        const now = await portOf(port, signal);
        const groups =
          wanted === 'quarantine'
            ? now.security_groups.length === 1
            : wanted === undefined || same(now.security_groups, wanted);
        return groups && (admin_state_up === undefined || now.admin_state_up === admin_state_up)
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
