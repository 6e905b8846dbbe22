import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateImage, EstateServer } from './estate.ts';

/** The properties of Nova's image signature verification, which needs all of them (nova/image/glance.py). */
const SIGNATURE = [
  'img_signature',
  'img_signature_hash_method',
  'img_signature_key_type',
  'img_signature_certificate_uuid',
] as const;

const about = (image: EstateImage) => subject('image', image);
const projectOf = ({ owner }: EstateImage) => ({ project: owner ?? undefined });
const isOpen = ({ visibility }: EstateImage): boolean => visibility !== 'private';

const notVisible = (visibility: string, to: string) =>
  function* ({ images }: { readonly images: readonly EstateImage[] }): Generator<Judgement> {
    for (const image of images) {
      const verdict = image.visibility === visibility ? fail : pass;
      const whom = image.visibility === visibility ? `: ${to}` : '';
      yield verdict(about(image), `its visibility is ${image.visibility}${whom}`, projectOf(image));
    }
  };

function judgeServerImage(
  server: EstateServer,
  images: ReadonlyMap<string, EstateImage>,
  options: { readonly project: string },
): Judgement {
  const it = subject('server', server);
  const { image } = server;
  // Nova leaves it out where the server's cell does not answer.
  if (typeof image !== 'object' || (image as unknown) === null)
    return unknown(it, 'its image was not shown', options);
  const known = images.get(image.id);
  return known?.status === 'deactivated'
    ? fail(it, `image ${known.name ?? known.id} is deactivated`, options)
    : pass(it, `image ${image.id} is ${known?.status ?? 'gone'}`, options);
}

/** Policies on the images that servers are made of: their owner, and whether they can be trusted. */
export const imagePack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.image.public',
    title: 'No image is public that nobody answers for',
    severity: 'low',
    needs: ['images'],
    remedy: 'Make it private or shared, or exempt it: its owner answers for what every project boots.',
    check: notVisible('public', 'every project is offered it'),
  }),
  definePolicy({
    id: 'audit.image.community',
    title: 'No image is offered to all by a project',
    severity: 'low',
    needs: ['images'],
    remedy: 'Make it private or shared, or exempt it.',
    check: notVisible('community', 'every project that knows its id may boot it'),
  }),
  definePolicy({
    id: 'audit.image.unsigned',
    title: 'Images carry the properties of a signature',
    severity: 'medium',
    needs: ['images'],
    remedy: `Sign it and set ${SIGNATURE.join(', ')}; Nova verifies with verify_glance_signatures.`,
    *check({ images }) {
      for (const image of images) {
        const missing = SIGNATURE.filter((name) => typeof image[name] !== 'string' || image[name] === '');
        if (missing.length > 0) yield fail(about(image), `it lacks ${missing.join(', ')}`, projectOf(image));
        else yield pass(about(image), 'it carries all properties of a signature', projectOf(image));
      }
    },
  }),
  definePolicy({
    id: 'audit.image.unprotected',
    title: 'Images that others use are protected from deletion',
    severity: 'low',
    needs: ['images'],
    remedy: 'Set `protected`.',
    *check({ images }) {
      for (const image of images.filter(isOpen))
        yield (image.protected ? pass : fail)(
          about(image),
          `it is ${image.visibility} and ${image.protected ? '' : 'not '}protected`,
          projectOf(image),
        );
    },
  }),
  definePolicy({
    id: 'audit.image.deactivated-in-use',
    title: 'No server runs from an image that was deactivated',
    severity: 'medium',
    needs: ['servers', 'images'],
    remedy: 'Find out why it was deactivated; rebuild the server from another, or activate it again.',
    *check({ servers, images }) {
      const states = new Map(images.map((image) => [image.id, image]));
      for (const server of servers) {
        const options = { project: server.tenant_id };
        // Of what boots from a volume it is empty (Nova's API reference, "Show Server Details").
        if (server.image === '') continue;
        yield judgeServerImage(server, states, options);
      }
    },
  }),
  definePolicy({
    id: 'audit.image.weak-hash',
    title: 'Images have a hash that can be relied on',
    severity: 'low',
    needs: ['images'],
    remedy: 'Upload it again; Glance from Rocky on hashes with sha512.',
    *check({ images }) {
      for (const image of images) {
        if (image.status !== 'active') continue;
        const { os_hash_algo: algorithm, os_hash_value: value } = image;
        // Glance from Rocky on tells both, null where there are none (api-ref, "Show image"); one before it has neither.
        if (algorithm === undefined || value === undefined) {
          const why = 'its hash was not shown: Glance before Rocky has none but the MD5 checksum';
          yield unknown(about(image), why, projectOf(image));
          continue;
        }
        const weak =
          typeof algorithm !== 'string' || typeof value !== 'string' || /^(md5|sha1)$/i.test(algorithm);
        yield (weak ? fail : pass)(
          about(image),
          typeof algorithm === 'string'
            ? `its hash is of ${algorithm}`
            : 'there is none but the MD5 checksum',
          projectOf(image),
        );
      }
    },
  }),
];
