import type { Refusal } from '@groundcrew/runbook';
import type { RecoveryPoint } from '../../repository/point.ts';
import type { ControlPlaneTarget } from './control-plane-target.ts';
import { ovsdbFactsOf, pathsOf, provenFactsOf, type StoredPart } from './read-contents.ts';

export type ControlPlaneRefusalCode =
  /** The point is of something else, or of a form that is not known. */
  | 'control-plane.not-one'
  /** Something of the control plane is not in the point. */
  | 'control-plane.partial'
  /** Its databases were stored, and were not started: nobody knows whether they can be. */
  | 'control-plane.unproven'
  | 'control-plane.no-such-part'
  /** It is not said where a part goes. */
  | 'control-plane.no-place'
  /** It is not said how a component is stopped and started, or when. */
  | 'control-plane.no-component'
  /** Two parts would be put into one place. */
  | 'control-plane.same-place';

/** Every reason why a point cannot be restored to a target. */
export function controlPlaneRefusals(
  point: RecoveryPoint,
  parts: readonly StoredPart[],
  chosen: readonly StoredPart[],
  target: ControlPlaneTarget,
): Refusal<ControlPlaneRefusalCode>[] {
  const accepted = new Set(target.accept);
  const refusals: Refusal<ControlPlaneRefusalCode>[] = [];
  const refuse = (code: ControlPlaneRefusalCode, reason: string, remedy: string): void =>
    void refusals.push({ code, reason, remedy });
  const named = [
    ...(target.only ?? []),
    ...Object.keys({ ...target.databases, ...target.files, ...target.definitions, ...target.ovsdb }),
  ];
  for (const name of new Set(named.filter((one) => !parts.some((part) => part.name === one))))
    refuse(
      'control-plane.no-such-part',
      `the point has no part ${JSON.stringify(name)}`,
      `It has ${parts.map((part) => part.name).join(', ')}.`,
    );
  if (point.completeness === 'partial' && !accepted.has('partial'))
    refuse(
      'control-plane.partial',
      `the point is not whole: ${point.gaps.map(({ what, why }) => `${what}: ${why}`).join('; ')}`,
      "Take another point, or accept: ['partial'].",
    );
  for (const part of chosen) {
    if (part.kind === 'database' && provenFactsOf(part) === undefined && !accepted.has('unproven'))
      refuse(
        'control-plane.unproven',
        `the copy of ${part.name} was never started`,
        "Take another point, or accept: ['unproven'].",
      );
    const why = whyNoPlace(part, target);
    if (why !== undefined) refuse('control-plane.no-place', why.reason, why.remedy);
  }
  for (const [key, names] of Map.groupBy(chosen, (part) => placeOf(part, target)))
    if (key !== undefined && names.length > 1)
      refuse(
        'control-plane.same-place',
        `${names.map((part) => part.name).join(' and ')} would both be put into ${key}`,
        'Restore one of them: only.',
      );
  refusals.push(...componentRefusals(chosen, target));
  return refusals;
}

function whyNoPlace(
  part: StoredPart,
  { databases, definitions, ovsdb }: ControlPlaneTarget,
): { readonly reason: string; readonly remedy: string } | undefined {
  const remedy = 'Say where it goes, or leave it out: only.';
  if (part.kind === 'files' && pathsOf(part) === undefined)
    return { reason: `the point does not say which paths ${part.name} has`, remedy };
  if (part.streams.length === 0 && (part.kind !== 'files' || pathsOf(part)?.length !== 0))
    return { reason: `the point has no stream of ${part.name}`, remedy };
  if (part.kind === 'ovsdb' && ovsdbFactsOf(part) === undefined)
    return { reason: `the point does not say which database ${part.name} is`, remedy };
  const places = { database: databases, definitions, ovsdb, files: undefined }[part.kind];
  if (part.kind === 'files' || places?.[part.name] !== undefined) return undefined;
  return { reason: `it is not said where ${part.name} goes`, remedy };
}

/** A folder of a host; `undefined`: it has none to itself. */
function placeOf(part: StoredPart, { databases }: ControlPlaneTarget): string | undefined {
  const place = part.kind === 'database' ? databases?.[part.name] : undefined;
  return place === undefined ? undefined : `${place.datadir ?? '/var/lib/mysql'} of ${place.host}`;
}

function componentRefusals(
  chosen: readonly StoredPart[],
  { order, components, databases, definitions, ovsdb }: ControlPlaneTarget,
): Refusal<ControlPlaneRefusalCode>[] {
  const ordered = order.flat();
  const servers = chosen.flatMap(
    ({ name }) =>
      databases?.[name]?.component ?? definitions?.[name]?.component ?? ovsdb?.[name]?.component ?? [],
  );
  const twice = ordered.find((name, at) => ordered.indexOf(name) !== at);
  return [
    ...[...new Set([...ordered, ...servers])]
      .filter((name) => !Object.hasOwn(components, name))
      .map((name) => ({
        code: 'control-plane.no-component' as const,
        reason: `it is not said how ${name} is stopped and started`,
        remedy: 'Give it in components.',
      })),
    ...Object.keys(components)
      .filter((name) => !ordered.includes(name))
      .map((name) => ({
        code: 'control-plane.no-component' as const,
        reason: `it is not said when ${name} starts`,
        remedy: 'Give it in order.',
      })),
    ...(twice === undefined
      ? []
      : [
          {
            code: 'control-plane.no-component' as const,
            reason: `${twice} is in order twice`,
            remedy: 'Name it once.',
          },
        ]),
  ];
}
