import { aFunction, optionsSchema, parseArguments } from '@groundcrew/ground';
import { type Cloud, gapOf, observe } from '@groundcrew/core';
import type { Refusal } from '@groundcrew/runbook';
import { admissionPolicy, admit, type Admission, type AdmissionPolicy, type Applicant } from './admission.ts';
import { labelsOf, textsOf } from './observe-placement.ts';
import type { PlacementSnapshot } from './placement-snapshot.ts';

/** The parts of an argument to `servers.create` that decide where it runs. */
export interface ServerRequest {
  readonly name: string;
  readonly flavorRef: string;
  readonly imageRef?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly availability_zone?: string | undefined;
  readonly block_device_mapping?: readonly unknown[] | undefined;
  readonly block_device_mapping_v2?: readonly unknown[] | undefined;
  readonly 'os:scheduler_hints'?:
    | { readonly group?: string | readonly string[] | undefined; readonly [hint: string]: unknown }
    | undefined;
}

export interface GuardOptions extends AdmissionPolicy {
  /** Read by an administrator, not too long ago: a tenant sees no hosts. */
  readonly snapshot: () => PlacementSnapshot | Promise<PlacementSnapshot>;
}

const guardOptions = optionsSchema<GuardOptions>({ ...admissionPolicy, snapshot: aFunction });

/**
 * Judges an argument of `servers.create` before it is sent: reads its flavor, image, project and server group as the
 * user who would create it. What cannot be read is unknown, and by default refused (`unknown: 'admit'` fails open).
 *
 * Where Nova itself could choose a place that is not known to be legal, and no zone keeps it away, that is unknown, too:
 * Nova's scheduler knows no labels. Block devices are not read: with them its volumes, and without an `imageRef` its
 * image, are unknown.
 *
 * @throws InputError on an option that there is not
 * @example
 * const judge = guardCreate(cloud, { snapshot: () => snapshot, rules: [...schedulerRules, residency()] });
 * const answer = await judge(request);
 * if (answer.admitted) await cloud.compute.servers.create({ ...request, ...answer.add });
 */
export function guardCreate(
  cloud: Cloud,
  options: GuardOptions,
): (request: ServerRequest, call?: { readonly signal?: AbortSignal | undefined }) => Promise<Guarded> {
  parseArguments('guardCreate', guardOptions, options);
  const { snapshot: worldNow, ...policy } = options;
  return async (request, { signal } = {}) => {
    const [applicant, snapshot] = await Promise.all([applicantOf(cloud, request, signal), worldNow()]);
    if (!('name' in applicant)) {
      // Nothing is known of it at all: only who fails open lets that pass.
      return policy.unknown === 'admit' ? { admitted: true, add: {} } : { admitted: false, ...applicant };
    }
    const answer = admit(applicant, snapshot, policy);
    if (!answer.admitted) return answer;
    const add =
      request.availability_zone === undefined && answer.availability_zone !== undefined
        ? { availability_zone: answer.availability_zone }
        : {};
    const loose = mayLand(answer, applicant.availability_zone ?? answer.availability_zone, snapshot);
    if (loose.length === 0 || policy.unknown === 'admit') return { admitted: true, add };
    return {
      admitted: false,
      refusal: {
        code: 'audit.place-unknown',
        reason: `Nova may choose ${loose.slice(0, 3).join(', ')}, which is not known to be legal; legal is ${answer.places.legal
          .slice(0, 3)
          .map(({ location }) => location.host)
          .join(', ')}`,
        remedy:
          'Name a zone in which all hosts are legal, or have a flavor that asks for an aggregate of them.',
        subject: { kind: 'server', id: request.name },
      },
    };
  };
}

/** The decision on a create; the fields in `add` belong into the request. */
export type Guarded =
  | { readonly admitted: true; readonly add: { readonly availability_zone?: string } }
  | { readonly admitted: false; readonly refusal: Refusal<'audit.no-legal-place' | 'audit.place-unknown'> };

/** The rules that Nova's scheduler enforces in any case. */
const NOVAS: ReadonlySet<string> = new Set(['in-service', 'zone', 'traits', 'capacity', 'server-group']);

/** Places that are not legal by rules of which Nova knows nothing, in the zone that it would look at. */
function mayLand(
  { places }: Extract<Admission, { admitted: true }>,
  zone: string | undefined,
  { locations }: PlacementSnapshot,
): string[] {
  const inZone = new Set(locations.filter((location) => zone === undefined || location.zone === zone));
  return [...places.illegal, ...places.unknown]
    .filter(({ location, because }) => inZone.has(location) && !because.some(({ rule }) => NOVAS.has(rule)))
    .map(({ location }) => location.host);
}

async function applicantOf(
  cloud: Cloud,
  request: ServerRequest,
  signal: AbortSignal | undefined,
): Promise<Applicant | { readonly refusal: Refusal<'audit.place-unknown'> }> {
  const { name, flavorRef, imageRef = '', metadata, availability_zone: zone } = request;
  const devices = request.block_device_mapping !== undefined || request.block_device_mapping_v2 !== undefined;
  const asked = request['os:scheduler_hints']?.group;
  const groupId = Array.isArray(asked) ? String(asked[0]) : (asked as string | undefined);
  const read = { signal };
  try {
    const token = await cloud.token(read);
    const project = token?.project;
    const nova = cloud.compute.at('2.75');
    const [flavor, image, owner, group] = await Promise.all([
      nova.flavors.get({ id: flavorRef.slice(flavorRef.lastIndexOf('/') + 1) }, read),
      imageRef === ''
        ? undefined
        : observe(
            'image',
            cloud.image.images.get({ id: imageRef.slice(imageRef.lastIndexOf('/') + 1) }, read),
          ),
      project === undefined
        ? undefined
        : observe('project', cloud.identity.projects.get({ id: project.id }, read)),
      groupId === undefined
        ? undefined
        : observe('server group', nova.serverGroups.get({ id: groupId }, read)),
    ]);
    const members = group?.value;
    return {
      name,
      // Without a project Nova creates nothing; no host is dedicated to the empty one.
      project_id: project?.id ?? '',
      flavor: {
        vcpus: flavor.vcpus,
        ram: flavor.ram,
        disk: flavor.disk,
        ephemeral: flavor['OS-FLV-EXT-DATA:ephemeral'] + Math.ceil(flavor.swap / 1_024),
        // Where policy hides them they are not none.
        extra_specs: flavor.extra_specs ?? 'unseen',
      },
      image_properties: image?.value === undefined ? undefined : textsOf(image.value),
      // Administrators may say `zone:host:node`.
      availability_zone: zone === undefined || zone === '' ? undefined : zone.split(':')[0],
      metadata,
      project_labels: owner?.value?.tags === undefined ? 'unseen' : labelsOf(owner.value.tags),
      group:
        members === undefined
          ? undefined
          : {
              id: members.id,
              // From 2.64 on it is always told; without it the rule of the group is unknown.
              policy: members.policy ?? '',
              members: members.members,
              max_server_per_host: members.rules.max_server_per_host,
            },
      groupUnseen: groupId !== undefined && members === undefined,
      onVolume: imageRef === '',
      volumes: imageRef === '' || devices ? 'unseen' : [],
    };
  } catch (error) {
    const { why, remedy } = gapOf(`flavor ${flavorRef}`, error);
    return {
      refusal: {
        code: 'audit.place-unknown',
        reason: `what it asks for could not be read: ${why}`,
        remedy: remedy ?? 'See that flavor and token can be read.',
        subject: { kind: 'server', id: name },
      },
    };
  }
}
