import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, type Judgement, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateVolume, EstateVolumeType } from './estate.ts';
import { momentOf } from './moment.ts';
import { secretsIn } from './metadata-secrets.ts';

const about = (volume: EstateVolume) => subject('volume', volume);
const projectOf = (volume: EstateVolume) => ({ project: volume['os-vol-tenant-attr:tenant_id'] });
const isEncrypted = ({ encryption }: EstateVolumeType): boolean =>
  typeof encryption.provider === 'string' && encryption.provider !== '';

/** The longest time that an offer may wait: anybody who learns its key takes the volume. */
const LONGEST_OFFER = 24 * 3_600_000;

function judgeType(type: EstateVolumeType): Judgement {
  const { provider, cipher } = type.encryption;
  // An unencrypted type has no setting at all (cinder/api/contrib/volume_type_encryption.py); a cipher without its provider is odd.
  if (!isEncrypted(type) && typeof cipher === 'string' && cipher !== '')
    return unknown(subject('volume type', type), `its cipher is ${cipher}, and its provider was not shown`);
  return isEncrypted(type)
    ? pass(
        subject('volume type', type),
        `its volumes are encrypted: ${provider}, ${cipher ?? 'the default cipher'}`,
      )
    : fail(subject('volume type', type), 'its volumes are not encrypted');
}

/** Policies on the data on disks, and on the users that may copy it. */
export const volumePack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.volume.unencrypted',
    title: 'Volumes are encrypted',
    severity: 'medium',
    needs: ['volumes'],
    remedy: 'Retype it to an encrypted type, or copy it into a volume of one.',
    frameworks: { 'security-guide': ['Check-Block-09'] },
    *check({ volumes }) {
      for (const volume of volumes)
        if (volume.encrypted === undefined)
          yield unknown(about(volume), 'whether it is encrypted was not shown', projectOf(volume));
        else
          yield (volume.encrypted ? pass : fail)(
            about(volume),
            `it is ${volume.encrypted ? '' : 'not '}encrypted; its type is ${volume.volume_type ?? 'none'}`,
            projectOf(volume),
          );
    },
  }),
  definePolicy({
    id: 'audit.volume.type-unencrypted',
    title: 'Volume types are encrypted',
    severity: 'low',
    needs: ['volumeTypes'],
    remedy: 'Set the encryption of a new type, and let this one go: it cannot change while volumes have it.',
    frameworks: { 'security-guide': ['Check-Block-09'] },
    check: ({ volumeTypes }) => volumeTypes.map(judgeType),
  }),
  definePolicy({
    id: 'audit.volume.default-type-unencrypted',
    title: "The cloud's default volume type is encrypted",
    severity: 'medium',
    needs: ['volumeTypes'],
    remedy: "Make an encrypted type the default: `default_volume_type`, or a project's default type.",
    frameworks: { 'security-guide': ['Check-Block-09'] },
    *check({ volumeTypes }) {
      const some = volumeTypes.filter(({ isDefault }) => isDefault);
      // 404 to `types/default`: what a volume without a type becomes, only cinder.conf and the project say.
      if (some.length === 0)
        yield unknown({ kind: 'volume type', id: 'default' }, 'no type is told as the default');
      yield* some.map(judgeType);
    },
  }),
  definePolicy({
    id: 'audit.volume.transfer-pending',
    title: 'No offer of a volume waits longer than a day',
    severity: 'low',
    needs: ['transfers'],
    remedy: 'Let it be accepted, or delete the offer.',
    *check({ transfers }, { now }) {
      for (const { id, name, volume_id, created_at } of transfers) {
        const offer = subject('volume transfer', { id, name });
        const made = momentOf(created_at);
        if (made === undefined) yield unknown(offer, `volume ${volume_id}, offered at no known time`);
        else
          yield (now - made > LONGEST_OFFER ? fail : pass)(
            offer,
            `volume ${volume_id} was offered at ${created_at}`,
          );
      }
    },
  }),
  definePolicy({
    id: 'audit.volume.multiattach',
    title: 'No volume can be attached to several servers',
    severity: 'low',
    needs: ['volumes'],
    remedy: 'Retype it, unless its file system is made for several writers: then exempt it.',
    *check({ volumes }) {
      for (const volume of volumes)
        // Cinder tells it of every volume; what is left out is not known.
        if (volume.multiattach === undefined)
          yield unknown(
            about(volume),
            'whether several servers may have it was not shown',
            projectOf(volume),
          );
        else
          yield (volume.multiattach ? fail : pass)(
            about(volume),
            volume.multiattach ? 'several servers may write it' : 'one server at a time may have it',
            projectOf(volume),
          );
    },
  }),
  definePolicy({
    id: 'audit.volume.secret-in-metadata',
    title: 'No secret is seen in metadata of volumes, by name or by shape',
    severity: 'medium',
    needs: ['volumes'],
    remedy: 'Put it into Barbican, change it, and take it out of the metadata.',
    check: ({ volumes }) =>
      volumes.map((volume) => secretsIn(about(volume), volume.metadata, projectOf(volume).project)),
  }),
];
