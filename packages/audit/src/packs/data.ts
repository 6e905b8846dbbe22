import { definePolicy, type Judgement, type Policy } from '../policy/policy.ts';

/** Images: who sees them, and whether they are what they say. */
export const imagePack: readonly Policy[] = [
  definePolicy({
    id: 'audit.image.public',
    title: 'No image is shown to everybody without leave',
    severity: 'medium',
    needs: ['images'],
    remedy: 'Make it private or shared; exempt those that are meant for all.',
    check: ({ images }) =>
      images.flatMap(({ id, name, visibility }): Judgement[] =>
        visibility === 'public' || visibility === 'community'
          ? [
              {
                subject: { kind: 'image', id, name: name ?? undefined },
                fail: `image ${name ?? id} is ${visibility}`,
              },
            ]
          : [],
      ),
  }),
  definePolicy({
    id: 'audit.image.unsigned',
    title: 'Images that others use are signed',
    severity: 'low',
    needs: ['images'],
    remedy: 'Sign it (img_signature and its like), and have Nova verify (verify_glance_signatures).',
    check: ({ images }) =>
      images.flatMap((one): Judgement[] => {
        const signature: unknown = one['img_signature'];
        return (one.visibility === 'public' || one.visibility === 'community') &&
          typeof signature !== 'string'
          ? [
              {
                subject: { kind: 'image', id: one.id, name: one.name ?? undefined },
                fail: `image ${one.name ?? one.id} is ${one.visibility}, and not signed`,
              },
            ]
          : [];
      }),
  }),
  definePolicy({
    id: 'audit.image.unprotected',
    title: 'Images that others use cannot be deleted by mistake',
    severity: 'low',
    needs: ['images'],
    remedy: 'Set protected.',
    check: ({ images }) =>
      images.flatMap((one): Judgement[] =>
        one.visibility === 'public' && !one.protected
          ? [
              {
                subject: { kind: 'image', id: one.id, name: one.name ?? undefined },
                fail: `image ${one.name ?? one.id} is public, and not protected`,
              },
            ]
          : [],
      ),
  }),
];

/** Volumes and what they are encrypted with. */
export const volumePack: readonly Policy[] = [
  definePolicy({
    id: 'audit.volume.unencrypted',
    title: 'Volumes are encrypted',
    severity: 'medium',
    needs: ['volumes'],
    remedy: 'Retype it to an encrypted type, or copy it to a new volume of one.',
    check: ({ volumes }) =>
      volumes.flatMap(({ id, name, encrypted }): Judgement[] => {
        const subject = { kind: 'volume', id, name: name ?? undefined };
        if (encrypted === undefined)
          return [{ subject, unknown: 'Cinder did not tell whether it is encrypted' }];
        return encrypted ? [] : [{ subject, fail: `volume ${name ?? id} is not encrypted` }];
      }),
  }),
  definePolicy({
    id: 'audit.volume.no-encrypted-type',
    title: 'Everybody has an encrypted volume type to choose',
    severity: 'medium',
    needs: ['volumeTypes'],
    remedy:
      'Make a public volume type with encryption (`openstack volume type create --encryption-provider luks …`).',
    check: ({ volumeTypes }) =>
      volumeTypes.some(({ is_public, encrypted }) => is_public !== false && encrypted)
        ? []
        : [
            {
              subject: { kind: 'cloud', id: 'volume types' },
              fail: `none of ${volumeTypes.length} volume types that all may use is encrypted`,
            },
          ],
  }),
];

const WILDCARD = /\.r:\*(?!\w)|\.rlistings/;

/** Containers of Swift, of the project of the token: others are not shown. */
export const objectPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.container.public',
    title: 'No container is read by everybody',
    severity: 'high',
    needs: ['containers'],
    remedy: 'Take .r:* and .rlistings out of X-Container-Read.',
    check: ({ containers }) =>
      containers.flatMap(({ name, read }): Judgement[] =>
        WILDCARD.test(read)
          ? [
              {
                subject: { kind: 'container', id: name, name },
                fail: `container ${name} is read by everybody (${read})`,
              },
            ]
          : [],
      ),
  }),
  definePolicy({
    id: 'audit.container.wildcard-write',
    title: 'No container is written by users of all projects',
    severity: 'critical',
    needs: ['containers'],
    remedy: 'Name the projects and users in X-Container-Write.',
    check: ({ containers }) =>
      containers.flatMap(({ name, write }): Judgement[] =>
        write
          .split(',')
          .some((one) => one.trim() === '*:*' || one.trim() === '*' || one.trim().startsWith('*:'))
          ? [
              {
                subject: { kind: 'container', id: name, name },
                fail: `container ${name} is written by users of any project (${write})`,
              },
            ]
          : [],
      ),
  }),
];
