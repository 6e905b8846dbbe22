import { GroundcrewError } from '@groundcrew/core';
import { faultsIn, type Finding } from '@groundcrew/ground';
import { bracketed } from '../field-path.ts';
import { z } from 'zod';

const text = z.string().trim().min(1);
/**
 * A text that is compared: a blank before or behind it is a typing error, and would match nothing, or something else.
 */
const exact = z.string().regex(/^\S(?:[\s\S]*\S)?$/, 'is empty, or has blanks before or behind it');
const OWN = 'audit.exemption-';

const exemptionSchema = z.strictObject({
  /** Unique among all that are given. */
  id: exact,
  /** Id of the policy, or of the rule of any other finding. */
  policy: z
    .string()
    .regex(/^\S+$/, 'is empty, or has blanks, as no id of a policy has')
    .refine((id) => !id.startsWith(OWN), 'what is said of exemptions cannot be exempt'),
  /** The subjects that it covers: every field that is given must match. */
  subject: z
    .strictObject({ kind: exact.optional(), id: exact.optional(), project: exact.optional() })
    .refine(
      (selection) => Object.values(selection).some((value) => value !== undefined),
      'names neither kind nor id nor project, so that it would cover everything',
    ),
  /** The owner who answers for it: a person or a team that can be asked. */
  owner: text,
  reason: text,
  /** From this moment on it no longer counts; ISO 8601 with a zone. */
  expires: z.iso.datetime({ offset: true }),
});

/** A permission to break a rule, with an owner, a reason and an end. */
export type Exemption = z.output<typeof exemptionSchema>;

/** Exemptions that cannot be used; the message names each field. */
export class ExemptionError extends GroundcrewError {
  readonly code = 'exemptions';
  /** `exemptions[2].expires`, with what is wrong with it. */
  readonly faults: readonly { readonly field: string; readonly fault: string }[];
  constructor(faults: ExemptionError['faults']) {
    super(faults.map(({ field, fault }) => `${field}: ${fault}`).join('; '), {
      remedy: 'Correct these fields, and read them again: none of the exemptions was used.',
    });
    this.faults = faults;
  }
}

/**
 * Reads exemptions, strictly: an exemption that nobody owns or that never ends is none.
 *
 * @throws ExemptionError that names every faulty field
 * @example
 * const exemptions = parseExemptions(JSON.parse(await readFile('exemptions.json', 'utf8')));
 */
export function parseExemptions(input: unknown): readonly Exemption[] {
  const parsed = z.array(exemptionSchema).safeParse(input);
  if (!parsed.success)
    throw new ExemptionError(
      faultsIn(parsed.error).map(({ field, message }) => ({
        field: bracketed(field === '' ? 'exemptions' : `exemptions.${field}`),
        fault: message,
      })),
    );
  const twice = parsed.data.findIndex(
    ({ id }, index) => parsed.data.findIndex((earlier) => earlier.id === id) < index,
  );
  if (twice !== -1)
    throw new ExemptionError([
      { field: `exemptions[${twice}].id`, fault: `there is another exemption ${parsed.data[twice]?.id}` },
    ]);
  return parsed.data;
}

/** Tells whether an exemption is about this finding, whether or not it is still in force. */
export const covers = (
  { policy, subject }: Exemption,
  finding: Finding & { readonly project?: string | undefined },
): boolean =>
  policy === finding.id &&
  (subject.kind ?? finding.subject.kind) === finding.subject.kind &&
  (subject.id ?? finding.subject.id) === finding.subject.id &&
  (subject.project === undefined || subject.project === finding.project);

/** The end of an exemption, in milliseconds since 1970. */
export const endOf = ({ expires }: Exemption): number => Date.parse(expires);
