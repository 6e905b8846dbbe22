import { seenIn } from '../verdict.ts';
import type { OrphanRule } from './contradiction.ts';
import { isServerPort, type OrphanSources, unusedThoughTaken, volumesOfServer } from './orphan-sources.ts';

interface Named {
  readonly id: string;
  readonly name?: string | null | undefined;
}

/** The name if it has one, else the id. */
export const called = ({ id, name }: Named): string =>
  name === null || name === undefined || name === '' ? id : name;

export const subjectOf = (kind: string, { id, name }: Named) => ({ kind, id, name: name ?? undefined });

/** Volumes attached to servers that there are not. */
export function orphanVolumes({ nova: { servers }, cinder: { volumes } }: OrphanSources): OrphanRule {
  const known = new Set(servers.value.map(({ id }) => id));
  return {
    id: 'backup-dr.orphan-volume',
    severity: 'high',
    none: 'Every volume that is attached is attached to a server that Nova knows',
    from: [volumes],
    against: [servers],
    found: volumes.value.flatMap((volume) => {
      const gone = volume.attachments.flatMap(({ server_id: id }) =>
        id === null || id === undefined || known.has(id) ? [] : [id],
      );
      if (gone.length === 0) return [];
      return [
        {
          subject: subjectOf('volume', volume),
          title: `Volume ${called(volume)} is attached to ${gone.join(', ')}, which Nova does not know`,
          because: [seenIn(volumes, `it is ${volume.status}, attached to ${gone.join(', ')}`)],
          remedy:
            'Make sure that no guest of that id runs on any host; then delete its attachment, or reset it to available.',
        },
      ];
    }),
  };
}

/** Attachments of servers or of volumes that there are not, beyond those that a volume itself shows. */
export function orphanAttachments({
  nova: { servers },
  cinder: { volumes, attachments },
}: OrphanSources): OrphanRule {
  const known = new Set(servers.value.map(({ id }) => id));
  const shown = new Set(
    volumes.value.flatMap((volume) => volume.attachments.map(({ attachment_id: id }) => id)),
  );
  const there = new Set(volumes.value.map(({ id }) => id));
  return {
    id: 'backup-dr.orphan-attachment',
    severity: 'medium',
    none: 'Every attachment is of a server that Nova knows and of a volume that there is',
    from: [attachments],
    against: [servers, volumes],
    found: attachments.value.flatMap(({ id, instance, volume_id: volume, status }) => {
      const noServer = instance !== null && !known.has(instance) && !shown.has(id);
      const noVolume = !there.has(volume);
      if (!noServer && !noVolume) return [];
      const what = noVolume
        ? `of volume ${volume}, which there is not`
        : `of server ${instance}, which Nova does not know`;
      return [
        {
          subject: { kind: 'attachment', id },
          title: `Attachment ${id} is ${what}`,
          because: [
            seenIn(attachments, `it is ${status}, of volume ${volume} and server ${instance ?? 'none'}`),
          ],
          remedy: 'Make sure that no guest of that id runs on any host; then delete the attachment.',
        },
      ];
    }),
  };
}

/** Volumes that are taken, and by nobody: what was about to attach or to detach them will not end. */
export function stuckVolumes({ cinder }: OrphanSources): OrphanRule {
  const { volumes, attachments } = cinder;
  return {
    id: 'backup-dr.stuck-volume',
    severity: 'medium',
    none: 'Every volume that is in use, or about to be, has an attachment',
    from: [volumes],
    against: [attachments],
    found: unusedThoughTaken(cinder).map((volume) => ({
      subject: subjectOf('volume', volume),
      title: `Volume ${called(volume)} is ${volume.status}, and nothing has it attached`,
      because: [seenIn(volumes, `it is ${volume.status}, without attachments`)],
      remedy: 'Make sure that no guest uses it; then reset its state to available (`cinder reset-state`).',
    })),
  };
}

/** Disks that Nova says a server has, and Cinder does not have, or does not have attached to it. */
export function unknownDisks({ nova: { servers }, cinder: { volumes } }: OrphanSources): OrphanRule {
  const attached = new Map(
    volumes.value.map((volume) => [volume.id, volume.attachments.map(({ server_id: id }) => id)]),
  );
  return {
    id: 'backup-dr.orphan-disk',
    severity: 'critical',
    none: 'Cinder has every disk that Nova says a server has, attached to that server',
    from: [servers],
    against: [volumes],
    found: servers.value.flatMap((server) =>
      volumesOfServer(server).flatMap((id) => {
        const users = attached.get(id);
        if (users?.includes(server.id) === true) return [];
        const what =
          users === undefined ? 'which Cinder does not know' : 'which Cinder does not show attached to it';
        return [
          {
            subject: subjectOf('server', server),
            title: `Server ${called(server)} has volume ${id}, ${what}`,
            because: [seenIn(servers, `Nova shows volume ${id} attached to it`)],
            remedy:
              'Give the volume to nobody else while the server runs; then attach it anew, or manage it into Cinder again.',
          },
        ];
      }),
    ),
  };
}

/** Ports of servers that there are not. */
export function orphanPorts({ nova: { servers }, neutron: { ports } }: OrphanSources): OrphanRule {
  const known = new Set(servers.value.map(({ id }) => id));
  return {
    id: 'backup-dr.orphan-port',
    severity: 'medium',
    none: 'Every port of a server is of one that Nova knows',
    from: [ports],
    against: [servers],
    found: ports.value
      .filter((port) => isServerPort(port) && !known.has(port.device_id))
      .map((port) => ({
        subject: subjectOf('port', port),
        title: `Port ${called(port)} is of server ${port.device_id}, which Nova does not know`,
        because: [seenIn(ports, `its device is ${port.device_id}, its owner ${port.device_owner}`)],
        remedy: 'Make sure that no guest of that id runs on any host; then delete the port.',
      })),
  };
}
