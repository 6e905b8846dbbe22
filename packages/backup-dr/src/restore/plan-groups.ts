import type { PointResource, Wire } from '../point/tenant-point.ts';
import { textOf, textsIn } from '../point/wire.ts';
import { CreateDraft } from './create-draft.ts';
import { idIn } from './find-in-target.ts';
import { isChosen } from './mapping.ts';
import { called, type Planning } from './planning.ts';
import { type Ref, type RestoredRule, setRules } from './restore-actions.ts';
import { refKey, restoredRule, ruleKey, rulesOf } from './rules.ts';

/** The name of the group that every project has; Neutron makes it, and nobody else can. */
const DEFAULT = 'default';

/**
 * Plans the security groups: each is made empty first, and gets its rules when all groups are there, so that groups may name
 * each other and themselves. Answers the step after which a group has its rules, by the group's id.
 */
export function planGroups(planning: Planning): ReadonlyMap<string, string> {
  const groups = planning.of('security-group');
  for (const group of groups) {
    const own = group.name === DEFAULT ? ownDefault(planning) : undefined;
    if (own !== undefined) {
      planning.stands(group, { id: idIn(own) });
      continue;
    }
    if (group.name === DEFAULT) {
      planning.refuse(
        'unseen',
        group,
        `the project's own group ${DEFAULT} was not shown, which Neutron makes when it is first asked`,
        'Read the target again.',
      );
      continue;
    }
    const draft = new CreateDraft('security-group', planning.nameOf(group)).set({
      name: planning.nameOf(group),
      stateful: group.wire['stateful'] === false ? false : undefined,
    });
    const id = planning.make(draft, described(group));
    planning.stands(group, { step: id });
  }
  const filled = new Map<string, string>();
  for (const group of groups) {
    const ref = planning.standsFor(group);
    const wanted = ref === undefined ? undefined : wantedRules(planning, group);
    if (ref === undefined || wanted === undefined) continue;
    const existing = 'id' in ref ? ownDefault(planning) : undefined;
    if (existing !== undefined && sameRules(existing, wanted)) continue;
    if (
      existing !== undefined &&
      !isChosen(planning.mapping.replace, group) &&
      !isReplaced(planning, existing)
    ) {
      planning.refuse(
        'name-taken',
        group,
        `the project's own group ${DEFAULT} has other rules than the point's`,
        `Name it in replace ({ kind: 'security-group', name: '${DEFAULT}' }), or change its rules first.`,
      );
      continue;
    }
    const id = planning.stepId('rules');
    const remotes = wanted.flatMap(({ remote_group: remote }) =>
      remote !== null && 'step' in remote ? [remote.step] : [],
    );
    planning.steps.push(
      setRules.step({
        id,
        input: {
          name: existing === undefined ? planning.nameOf(group) : DEFAULT,
          project: planning.target.project.id,
          group: ref,
          rules: [...wanted],
          ...(existing === undefined ? {} : { before: [...existingRules(existing)] }),
        },
        needs: [...new Set([...('step' in ref ? [ref.step] : []), ...remotes])],
        timeout: '30m',
      }),
    );
    filled.set(group.id, id);
  }
  return filled;
}

/** Description and tags of a thing of Neutron's. */
export const described = ({ wire }: PointResource): { description: string; tags: string[] } => ({
  description: textOf(wire['description']) ?? '',
  tags: [...textsIn(wire['tags'])],
});

const ownDefault = ({ target }: Planning): Wire | undefined =>
  target.securityGroups.value.find((wire) => wire['name'] === DEFAULT);

const isReplaced = ({ mapping }: Planning, existing: Wire): boolean =>
  isChosen(mapping.replace, { kind: 'security-group', id: idIn(existing), name: DEFAULT });

/** The rules of a group, in which other groups stand for those of the point; each once. */
function wantedRules(planning: Planning, group: PointResource): readonly RestoredRule[] | undefined {
  const rules = new Map<string, RestoredRule>();
  for (const rule of rulesOf(group)) {
    const address = textOf(rule['remote_address_group_id']);
    if (address !== undefined) {
      planning.refuse(
        'reference-unmapped',
        group,
        `a rule of ${called(group)} names address group ${address}, which is not restored`,
        'Take the rule out of the group before the next recovery point, or restore without the group.',
      );
      return undefined;
    }
    const id = textOf(rule['remote_group_id']);
    const remote = id === undefined ? null : planning.standsFor({ kind: 'security-group', id });
    // It was refused where what stands for it was looked for.
    if (remote === undefined) return undefined;
    const restored = restoredRule(rule, remote);
    rules.set(ruleKey(restored, refKey(remote)), restored);
  }
  return [...rules.values()];
}

const existingRules = (group: Wire): readonly RestoredRule[] =>
  rulesOf({ wire: group }).map((rule) => {
    const id = textOf(rule['remote_group_id']);
    return restoredRule(rule, id === undefined ? null : ({ id } satisfies Ref));
  });

const keysOf = (rules: readonly RestoredRule[]): ReadonlySet<string> =>
  new Set(rules.map((rule) => ruleKey(rule, refKey(rule.remote_group))));

function sameRules(existing: Wire, wanted: readonly RestoredRule[]): boolean {
  const [has, needs] = [keysOf(existingRules(existing)), keysOf(wanted)];
  return has.size === needs.size && [...needs].every((key) => has.has(key));
}
