import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, type Judgement, pass, unknown } from '../policy/judgement.ts';
import { type ContainerAcl, readAcl } from './container-acl.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateContainer } from './estate.ts';

const judge = (side: 'read' | 'write', tooOpen: (acl: ContainerAcl) => string | undefined) =>
  function* ({ containers }: { readonly containers: readonly EstateContainer[] }): Generator<Judgement> {
    for (const container of containers) {
      const subject = {
        kind: 'container',
        id: `${container.project_id}/${container.name}`,
        name: container.name,
      };
      const list = container[side];
      const options = { project: container.project_id };
      if (list === undefined) {
        yield unknown(subject, `its ${side} access list is shown to owners of the account only`, options);
        continue;
      }
      const acl = list === '' ? 'nobody else' : list;
      const why = tooOpen(readAcl(list));
      if (why === undefined) yield pass(subject, `its ${side} access list is: ${acl}`, options);
      else yield fail(subject, `${why}; its ${side} access list is: ${acl}`, options);
    }
  };

/** Policies on the clients, beside the project itself, that can read or write objects (Swift). */
export const objectPack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.container.public-read',
    title: 'No container is read without logging in',
    severity: 'high',
    needs: ['containers'],
    remedy: 'Take the referrer rules off the read access list; share single objects by temporary URLs.',
    check: judge('read', ({ anonymous, referrers }) =>
      anonymous
        ? 'everybody may read it'
        : referrers.length > 0
          ? `every client that claims to come from ${referrers.join(', ')} may read it`
          : undefined,
    ),
  }),
  definePolicy({
    id: 'audit.container.public-listing',
    title: 'No container is listed without logging in',
    severity: 'high',
    needs: ['containers'],
    remedy: 'Take .rlistings off the read access list.',
    check: judge('read', ({ listing }) => (listing ? 'everybody may list what is in it' : undefined)),
  }),
  definePolicy({
    id: 'audit.container.read-by-every-user',
    title: 'No container is read by every user of the cloud',
    severity: 'medium',
    needs: ['containers'],
    remedy: 'Name projects or users in the read access list.',
    check: judge('read', ({ everyUser }) =>
      everyUser ? 'every user of every project may read it' : undefined,
    ),
  }),
  definePolicy({
    id: 'audit.container.written-by-every-user',
    title: 'No container is written by every user of the cloud',
    severity: 'critical',
    needs: ['containers'],
    remedy: 'Name projects or users in the write access list.',
    check: judge('write', ({ everyUser }) =>
      everyUser ? 'every user of every project may write and delete in it' : undefined,
    ),
  }),
];
